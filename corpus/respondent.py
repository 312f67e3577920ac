"""Fictitious respondents: valid numbers, plausible names, places and contacts."""

from __future__ import annotations

import random
from itertools import pairwise

from corpus.records import Respondent

# Weights of the two passes over the first eleven digits of a BIN or IIN.
FIRST_PASS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_PASS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

# Region in Kazakh and Russian, with its first two KATO digits and a town or district of it in both languages.
REGIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("10", "Абай облысы", "область Абай", "Семей қаласы", "г. Семей"),
    ("11", "Ақмола облысы", "Акмолинская область", "Көкшетау қаласы", "г. Кокшетау"),
    ("15", "Ақтөбе облысы", "Актюбинская область", "Ақтөбе қаласы", "г. Актобе"),
    ("19", "Алматы облысы", "Алматинская область", "Қонаев қаласы", "г. Конаев"),
    ("23", "Атырау облысы", "Атырауская область", "Атырау қаласы", "г. Атырау"),
    ("27", "Батыс Қазақстан облысы", "Западно-Казахстанская область", "Орал қаласы", "г. Уральск"),
    ("31", "Жамбыл облысы", "Жамбылская область", "Тараз қаласы", "г. Тараз"),
    ("33", "Жетісу облысы", "область Жетісу", "Талдықорған қаласы", "г. Талдыкорган"),
    ("35", "Қарағанды облысы", "Карагандинская область", "Теміртау қаласы", "г. Темиртау"),
    ("39", "Қостанай облысы", "Костанайская область", "Рудный қаласы", "г. Рудный"),
    ("43", "Қызылорда облысы", "Кызылординская область", "Қызылорда қаласы", "г. Кызылорда"),
    ("47", "Маңғыстау облысы", "Мангистауская область", "Ақтау қаласы", "г. Актау"),
    ("55", "Павлодар облысы", "Павлодарская область", "Екібастұз қаласы", "г. Экибастуз"),
    ("59", "Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "Петропавл қаласы", "г. Петропавловск"),
    ("61", "Түркістан облысы", "Туркестанская область", "Кентау қаласы", "г. Кентау"),
    ("62", "Ұлытау облысы", "область Ұлытау", "Жезқазған қаласы", "г. Жезказган"),
    ("63", "Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "Өскемен қаласы", "г. Усть-Каменогорск"),
    ("71", "Астана қаласы", "г. Астана", "Сарыарқа ауданы", "район Сарыарка"),
    ("75", "Алматы қаласы", "г. Алматы", "Медеу ауданы", "Медеуский район"),
    ("79", "Шымкент қаласы", "г. Шымкент", "Әл-Фараби ауданы", "Аль-Фарабийский район"),
)

_COMPANY_WORDS = (
    "Digital Жол", "КазИнфоСервис", "Сарыарқа Софт", "Turan Systems", "Бағдар", "Интеграция Плюс", "Жаңа Технология",
    "Алатау Дата", "QazCloud", "Электронды үкімет шешімдері", "Меридиан-Софт", "Ұлы Дала IT", "Сервис-Центр Байланыс",
    "Orda Labs", "Деректер орталығы", "Технопарк Восток", "Көкжиек", "Инфотех", "SmartAuyl", "Вектор-Н", "Жібек Код",
)  # fmt: skip
_LEGAL = ("ТОО «{}»", "«{}» ЖШС", "АО «{}»", "Филиал ТОО «{}»", "«{}» АҚ", 'ТОО "{}"', "РГП на ПХВ «{}»")
_SURNAMES = (
    "Әбдіров", "Байжанова", "Ғабитов", "Досымбеков", "Ермекова", "Жақсылықов", "Калиев", "Қасенова", "Литвинова",
    "Мұқанов", "Нұрпейісова", "Орынбаев", "Петренко", "Рахымова", "Сүлейменов", "Тлеубаева", "Ұзақбай", "Хасенов",
    "Цой", "Шәріпова", "Югай", "Волкова", "Гончаров", "Ізбасаров",
)  # fmt: skip
_INITIALS = "АБГДЕЖЗИКЛМНОРСТҮӘҚҒ"
_STREETS = (
    "ул. Сатпаева, {}", "Қабанбай батыр даңғылы, {}", "пр. Нурсултана Назарбаева, {}", "Жамбыл көшесі, {}",
    "ул. Валиханова, {}, офис 12", "мкр. Аксай-4, д. {}", "Мәңгілік Ел даңғылы, {}", "ул. Ленина, {}",
    "Төле би көшесі, {}-үй", "пр. Аль-Фараби, {}/2",
)  # fmt: skip
_MAILBOXES = ("info", "buhgalter", "office", "stat", "glavbuh", "reception", "esep", "a.k")


def check_digit(first11: str) -> int | None:
    """The twelfth digit of a BIN or IIN, or None where no such number is issued.

    >>> check_digit("02096063969"), check_digit("00000000000")
    (2, 0)
    """
    digits = [int(c) for c in first11]
    for weights in (FIRST_PASS, SECOND_PASS):
        rest = sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def number12(rng: random.Random, *, person: bool) -> str:
    """A valid BIN, or a valid IIN of a person: digit 5 tells them apart."""
    while True:
        year, month = rng.randint(0, 99), rng.randint(1, 12)
        if person:
            body = f"{year:02}{month:02}{rng.randint(1, 28):02}{rng.randint(3, 6)}{rng.randint(0, 9999):04}"
        else:
            body = f"{year % 26:02}{month:02}{rng.randint(4, 6)}{rng.randint(0, 3)}{rng.randint(0, 99999):05}"
        last = check_digit(body)
        if last is not None:
            return body + str(last)


def place(rng: random.Random, region: str = "") -> tuple[str, str]:
    """A region as it is written on the form, and its KATO; of a given region (its two digits) or any."""
    ab, kk, ru, town_kk, town_ru = rng.choice([r for r in REGIONS if not region or r[0] == region])
    kato = (
        f"{ab}{rng.choice(('10', '20', '32', '46', '52'))}{rng.choice(('10', '20', '33'))}{rng.choice(('000', '100'))}"
    )
    wording = rng.choice((f"{kk}, {town_kk}", f"{ru}, {town_ru}", f"{kk} {town_kk}", f"{town_ru}", f"{ru} {town_ru}"))
    return wording, kato


def _person(rng: random.Random) -> str:
    name = rng.choice(_SURNAMES)
    first, second = rng.choice(_INITIALS), rng.choice(_INITIALS)
    return rng.choice((f"{name} {first}.{second}.", f"{name} {first}. {second}.", f"{first}.{second}. {name}"))


def _phone(rng: random.Random, *, mobile: bool) -> str:
    code = rng.choice(("701", "705", "747", "771", "777") if mobile else ("7172", "7212", "7182", "7252"))
    rest = "".join(str(rng.randint(0, 9)) for _ in range(10 - len(code)))
    pair = f"{rest[-4:-2]}-{rest[-2:]}"
    return rng.choice((f"8{code}{rest}", f"+7 {code} {rest[:-4]} {pair}", f"8 ({code}) {rest[:-4]}-{pair}"))


def respondent(rng: random.Random) -> Respondent:
    """One respondent: a legal person with a BIN, or now and then an entrepreneur with an IIN."""
    person = rng.random() < 0.2
    region, kato = place(rng)
    name = rng.choice(("ЖК {}", "ИП {}", "ИП «{}»")) if person else rng.choice(_LEGAL)
    word = rng.choice(_SURNAMES) if person else rng.choice(_COMPANY_WORDS)
    return Respondent(
        bin="" if person else number12(rng, person=False),
        iin=number12(rng, person=True) if person else "",
        name=name.format(word),
        address=rng.choice(_STREETS).format(rng.randint(1, 210)),
        phone=_phone(rng, mobile=False) if rng.random() < 0.8 else "",
        mobile=_phone(rng, mobile=True) if rng.random() < 0.6 else "",
        email=f"{rng.choice(_MAILBOXES)}{rng.choice(('', str(rng.randint(1, 99))))}@example.kz",
        people=(_person(rng), _person(rng), _person(rng)),
        region=region,
        kato=kato,
    )


def branch(rng: random.Random, head: Respondent) -> Respondent:
    """Another place of the same respondent: same number, other region, KATO, address and people."""
    other = respondent(rng)
    region, kato = place(rng, rng.choice([r[0] for r in REGIONS if r[0] != head.kato[:2]]))
    return Respondent(
        bin=head.bin,
        iin=head.iin,
        name=head.name,
        address=other.address,
        phone=other.phone,
        mobile=other.mobile,
        email=head.email,
        people=other.people,
        region=region,
        kato=kato,
    )


assert all(a[0] < b[0] for a, b in pairwise(REGIONS)), "regions stand in the order of their codes"
