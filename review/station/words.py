"""What pages say: words, numbers and dates as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from layouts.words import LANGUAGES, Language, has, say
from review.answers import aware

GROUPS = {"kk": "\u00a0", "ru": "\u00a0", "en": ","}
DECIMALS = {"kk": ",", "ru": ",", "en": "."}
DATES = {"kk": "%d.%m.%Y", "ru": "%d.%m.%Y", "en": "%d %b %Y"}
HERE = timezone(timedelta(hours=5))  # all of Kazakhstan, since 2024


def worded(message_id: str, language: Language, **told: object) -> str:
    """The message in words; numbers among what it is told are written in the language. An unknown id stays as it is."""
    if not has(message_id):
        return message_id
    shown = {name: number(value, language) if _is_number(value) else value for name, value in told.items()}
    return say(message_id, shown, language)


def reason_worded(code: str, language: Language) -> str:
    """A reason code as a sentence."""
    for kind in ("reason", "error"):
        if has(f"{kind}.{code}"):
            return say(f"{kind}.{code}", {}, language)
    return code


def number(value: object, language: Language) -> str:
    r"""A number grouped by thousands, with the language's decimal mark; "" stays "".

    >>> number("1234567.5", "ru"), number(1234, "en"), number("", "kk")
    ('1\xa0234\xa0567,5', '1,234', '')
    """
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    whole, mark, part = text.lstrip("-").partition(".")
    if not whole.isdigit():
        return text
    grouped = f"{int(whole):,}".replace(",", GROUPS[language])
    return ("−" if text.startswith("-") else "") + grouped + (DECIMALS[language] + part if mark else "")


def day(value: date | datetime | None, language: Language) -> str:
    """A date as the language writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = aware(value).astimezone(HERE)
    return value.strftime(DATES[language])


def moment(value: datetime | None, language: Language) -> str:
    """A date and time of Kazakhstan."""
    return "" if value is None else f"{day(value, language)} {aware(value).astimezone(HERE):%H:%M}"


def preferred(header: str) -> Language:
    """The language a browser asks for first among those there are; Russian where it asks for none.

    >>> preferred("de,kk;q=0.8,en;q=0.5"), preferred("")
    ('kk', 'ru')
    """
    for part in header.split(","):
        name = part.partition(";")[0].strip().lower()[:2]
        for language in LANGUAGES:
            if name == language:
                return language
    return "ru"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
