"""Print and writing told apart outside the tables."""

from __future__ import annotations

from dataclasses import replace

from extract.fields.labelled import digits_after, label_spans, label_values
from extract.records import Box, TextLine
from layouts.load import shipped_layouts
from layouts.model import Words
from tests.extract.paper import small_layout

LAYOUT = small_layout()


def lines(*texts):
    return [TextLine(text, Box(0.0, 12.0 * i, 6.0 * len(text), 12.0 * i + 10)) for i, text in enumerate(texts)]


def test_a_value_stands_after_its_label_or_on_the_next_line():
    found = label_values(
        lines(
            "Укажите место оказания услуг – область, город, район",
            "г. Астана, район Есиль",
            "Атауы / Наименование ТОО «Север»   Мекенжайы / Адрес ул. Абая, 15",
            "Электрондық пошта мекенжайы / Адрес электронной почты buh12@example.kz",
        ),
        LAYOUT,
    )
    assert {field: value.text for field, value in found.items()} == {
        "region": "г. Астана, район Есиль",
        "name": "ТОО «Север»",
        "address": "ул. Абая, 15",
        "email": "buh12@example.kz",
    }


def test_a_misread_label_still_counts_and_an_empty_field_gives_nothing():
    found = label_values(lines("Haименованне ЖШС Алтын", "Адpес ______"), LAYOUT)
    assert {field: value.text for field, value in found.items()} == {"name": "ЖШС Алтын"}


def test_a_code_typed_without_boxes_is_found_after_its_label():
    found = digits_after(lines("БСН коды / код БИН 020 960 639 692"), LAYOUT, "bin", 12)
    assert found is not None
    assert found.text == "020960639692"
    assert digits_after(lines("код БИН 0209606396"), LAYOUT, "bin", 12) is None


def test_labels_wrapped_anywhere_are_no_values():
    layout = shipped_layouts()["2-uslugi-it.2026"]
    found = label_values(
        lines(
            "1. Көрсетілген қызметтің нақты орнын көрсетіңіз",
            "(кәсіпорынның тіркелген жеріне қарамастан) өңірді – облыс, қала,",
            "аудан",
            "Укажите фактическое место оказания услуг",
            "(независимо от места регистрации предприятия) – область,",
            "город, район",
            "Қостанай облысы, Рудный қаласы",
            "1.1 Әкімшілік-аумақтық объектілер жіктеуішіне сәйкес аумақ коды (ӘАОЖ) (респондент статистикалық нысанды",
            "қағаз жеткізгіште ұсынған кезде аумақтық статистика бөлімшесінің тиісті қызметкері толтырады) Код",
            "территории согласно Классификатору административно-территориальных объектов (КАТО)",
            "(заполняется соответствующим",
            "работником территориального подразделения статистики при представлении респондентом статистической формы",
            "на бумажном носителе)",
        ),
        layout,
    )
    assert {field: value.text for field, value in found.items()} == {"region": "Қостанай облысы, Рудный қаласы"}


def test_a_label_that_resembles_the_beginning_of_another_is_itself():
    layout = shipped_layouts()["2-uslugi-it.2026"]
    found = label_values(
        lines(
            "Мекенжайы (респонденттің) / Адрес (респондента)",
            "пр. Аль-Фараби, 46/2",
            "Электрондық пошта мекенжайы (респонденттің) / Адрес электронной почты (респондента)",
            "stat31@example.kz",
        ),
        layout,
    )
    assert {field: value.text for field, value in found.items()} == {
        "address": "пр. Аль-Фараби, 46/2",
        "email": "stat31@example.kz",
    }


def test_the_last_word_of_a_label_on_the_line_of_the_answer_is_none_of_it():
    """«… – область, город, район» breaks before its last word, and the answer stands behind that."""
    found = label_values(lines("Укажите место оказания услуг – область, город,", "район г. Астана"), LAYOUT)
    assert found["region"].text == "г. Астана"
    assert label_values(lines("Наименование", "районный узел связи"), LAYOUT)["name"].text == "районный узел связи"


def test_a_whole_label_goes_before_the_beginning_of_longer_print():
    """The first words of another sentence are the label of the year."""
    longer = replace(LAYOUT, printed=(Words("есепті кезеңнен кейінгі 30 наурызға дейін", ""),))
    assert label_spans("есепті кезең: 2025", longer) == [(0, 12, "year")]


def test_a_stretch_of_a_line_lies_where_its_words_do():
    """A scrawl read as two signs does not push the label before it to the left."""
    words = (Box(0, 0, 40, 10), Box(50, 2, 110, 12), Box(150, 0, 400, 14))
    line = TextLine("қолы подпись ~~", Box(0, 0, 400, 14), words)
    assert line.part(0, 12) == Box(0, 0, 110, 14)
    assert line.part(5, 12) == Box(50, 0, 110, 14)
    assert line.part(4, 12).x0 == 50  # a space belongs to no word
    assert line.part(12, 15) == Box(150, 0, 400, 14)
    assert line.part(2, 4) == Box(20, 0, 40, 14)
    assert line.part(15, 15) == Box(400, 0, 400, 14)


def test_without_its_words_a_line_s_letters_count_as_equally_wide():
    line = TextLine("ab cd", Box(0, 0, 50, 10))
    assert line.part(3, 5) == Box(30, 0, 50, 10)
