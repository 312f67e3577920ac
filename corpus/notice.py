"""Draws papers that are no form: the notice that there was no activity, and an ordinary letter."""

from __future__ import annotations

import random

from corpus.pen import Pen
from corpus.records import Respondent
from corpus.style import PageStyle
from corpus.table import Flow
from corpus.wording import paragraphs

_NOTICE_KK = (
    "Қызметінің болмағандығы туралы хабарлама",
    (
        "{name} (БСН/ЖСН {number}) {year} жылғы есепті кезеңде «{index}» статистикалық нысаны бойынша қызметінің "
        "болмағандығы туралы хабарлайды."
    ),
)
_NOTICE_RU = (
    "Уведомление об отсутствии деятельности",
    (
        "{name} (БИН/ИИН {number}) уведомляет об отсутствии деятельности в отчетном периоде {year} года по "
        "статистической форме «{index}»."
    ),
)
_LETTER = (
    "Коммерческое предложение",
    (
        "Уважаемые коллеги! {name} предлагает вам канцелярские товары: бумагу, папки и картриджи. Цены действительны "
        "до конца месяца, доставка по городу бесплатна."
    ),
    "С уважением, {people}. Телефон {phone}, адрес: {address}.",
)


def draw_notice(rng: random.Random, style: PageStyle, who: Respondent, index: str = "2-услуги (IT)") -> bytes:
    """One page that says the respondent had no activity, in Kazakh, Russian or both, as a PDF."""
    texts = rng.choice(((_NOTICE_KK, _NOTICE_RU), (_NOTICE_RU,), (_NOTICE_RU, _NOTICE_KK)))
    year = rng.choice((2024, 2025))
    said = [
        text.format(name=who.name, number=who.bin or who.iin, year=year, index=index) for part in texts for text in part
    ]
    said += [f"Мекенжайы / Адрес: {who.address}, {who.region}", f"Басшы / Руководитель ____________ {who.people[2]}"]
    return _letter(rng, style, said)


def draw_letter(rng: random.Random, style: PageStyle, who: Respondent) -> bytes:
    """A letter about something else altogether, as a PDF."""
    told = {"name": who.name, "people": who.people[0], "phone": who.phone, "address": who.address}
    return _letter(rng, style, [text.format(**told) for text in _LETTER])


def _letter(rng: random.Random, style: PageStyle, texts: list[str]) -> bytes:
    pen = Pen(style, rng, None)
    flow = Flow(pen)
    size = style.size * 1.4
    left, _, right, _ = style.margin
    flow.y += 60
    for i, text in enumerate(texts):
        for line in paragraphs([style.face.fit(text)], style.face, size, style.width - left - right, bold=i == 0):
            pen.print(line, left, flow.y, size, bold=i == 0)
            flow.y += size * 1.4
        flow.y += size
    return pen.finish().pdf
