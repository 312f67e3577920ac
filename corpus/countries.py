"""Country names as respondents write them."""

from __future__ import annotations

import random

# Code, Kazakh and Russian name, and other ways people write it.
COUNTRIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("RU", "Ресей", "Россия", ("РФ", "Российская Федерация", "Ресей Федерациясы")),
    ("US", "АҚШ", "США", ("Америка Құрама Штаттары", "Соединенные Штаты Америки")),
    ("DE", "Германия", "Германия", ("ФРГ",)),
    ("CN", "Қытай", "Китай", ("КНР", "ҚХР")),
    ("TR", "Түркия", "Турция", ("Түркия Республикасы",)),
    ("UZ", "Өзбекстан", "Узбекистан", ("Республика Узбекистан",)),
    ("KG", "Қырғызстан", "Кыргызстан", ("Киргизия", "Қырғыз Республикасы")),
    ("AE", "БАӘ", "ОАЭ", ("Біріккен Араб Әмірліктері", "Объединенные Арабские Эмираты")),
    ("NL", "Нидерланд", "Нидерланды", ("Голландия",)),
    ("GB", "Ұлыбритания", "Великобритания", ("Соединенное Королевство",)),
    ("PL", "Польша", "Польша", ()),
    ("BY", "Беларусь", "Беларусь", ("Республика Беларусь", "Белоруссия")),
    ("CH", "Швейцария", "Швейцария", ()),
    ("SG", "Сингапур", "Сингапур", ()),
    ("KR", "Корея Республикасы", "Республика Корея", ("Южная Корея", "Оңтүстік Корея")),
    ("AZ", "Әзербайжан", "Азербайджан", ()),
    ("GE", "Грузия", "Грузия", ()),
    ("CY", "Кипр", "Кипр", ()),
    ("IN", "Үндістан", "Индия", ()),
    ("TM", "Түрікменстан", "Туркменистан", ("Туркмения",)),
)
_JOINERS = {"kk": (", ", "; ", " және ", ","), "ru": (", ", "; ", " и ", ",")}


def country_text(rng: random.Random, language: str) -> str:
    """What one country cell says: mostly one country, sometimes several, in one language."""
    count = rng.choices((1, 2, 3), (70, 22, 8))[0]
    chosen = rng.sample(COUNTRIES, count)
    return rng.choice(_JOINERS[language]).join(_name(rng, country, language) for country in chosen)


def _name(rng: random.Random, country: tuple[str, str, str, tuple[str, ...]], language: str) -> str:
    _, kk, ru, others = country
    fitting = tuple(other for other in others if _is_kazakh(other) == (language == "kk"))
    if fitting and rng.random() < 0.2:
        return rng.choice(fitting)
    return kk if language == "kk" else ru


def _is_kazakh(text: str) -> bool:
    """Whether only a Kazakh text would be spelt like this, as far as the names above go."""
    return any(letter in "әғқңөұүһіӘҒҚҢӨҰҮҺІ" for letter in text)


def codes(written: str) -> tuple[str, ...]:
    """The ISO codes of what `country_text` wrote, in its order.

    >>> codes("Ресей және АҚШ"), codes("Россия; ОАЭ")
    (('RU', 'US'), ('RU', 'AE'))
    """
    known = {name: code for code, kk, ru, others in COUNTRIES for name in (kk, ru, *others)}
    found: list[tuple[int, str]] = []
    rest = written
    for name in sorted(known, key=len, reverse=True):
        at = rest.find(name)
        if at >= 0:
            found.append((at, known[name]))
            rest = rest[:at] + "\0" * len(name) + rest[at + len(name) :]
    return tuple(code for _, code in sorted(found))
