"""Layout files are read whole or refused with every mistake named."""

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from layouts.errors import LayoutError
from layouts.load import load_layout, load_layouts, load_notice, load_notices, shipped_layouts, shipped_notices
from layouts.model import ColumnKind, FieldKind, Relation, RuleSet
from layouts.problems import BadLayout, explain
from layouts.words import LANGUAGES

OTHER = Path(__file__).parent / "data" / "3-test.toml"


def refused(tmp_path: Path, text: str) -> BadLayout:
    file = tmp_path / "broken.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadLayout) as told:
        load_layout(file)
    return told.value


def changed(old: str, new: str) -> str:
    text = OTHER.read_text(encoding="utf-8")
    assert old in text, "the test changes nothing"
    return text.replace(old, new, 1)


# what is changed in a good file, into what, and how the first complaint reads after the file's name
SLIPS = {
    "slip of a key": ("valid_from", "valid_form", 'layout: key "valid_form" is unknown. Is "valid_from" meant?'),
    "key of nowhere": (
        'code = "А",',
        'code = "А", zzz = 1,',
        'table 5, line А: key "zzz" is unknown. Keys are code, oked, parent, kk, ru, en.',
    ),
    "key of another table": (
        'id = "park"',
        'id = "park"\nlength = 3',
        'rule park: key "length" is unknown. Keys are id, set, section, clause, each, relation, only, tolerance',
    ),
    "missing key": ("valid_from = 2030-07-01", "", 'layout: key "valid_from" is missing. Add valid_from = 2026-01-01'),
    "missing clause": (
        'clause = "label of line А"\n',
        "",
        'rule park: key "clause" is missing. Add clause = "…"',
    ),
    "text for a date": (
        "2030-07-01",
        '"2030-07-01"',
        'layout: key "valid_from" holds another kind of value. Write it like 2026-01-01',
    ),
    "date with time": (
        "2030-07-01",
        "2030-07-01T00:00:00",
        'layout: key "valid_from" holds another kind of value. Write it like 2026-01-01',
    ),
    "number for a code": (
        'code = "020"',
        "code = 20",
        'table 8, line 20: key "code" holds another kind of value. Write it like "…"',
    ),
    "text for a number": (
        "section = 5\ntitle",
        'section = "5"\ntitle',
        'table 5: key "section" holds another kind of value. Write it like 1',
    ),
    "text for a list": (
        'only = ["10", "12"]',
        'only = "10"',
        'rule electric: key "only" holds another kind of value. Write it like ["1", "2"]',
    ),
    "text for words": (
        '{ kk = "3-сынақ", ru = "3-проба" }',
        '"3-проба"',
        'layout: key "index" holds another kind of value. Write it like { kk = "…", ru = "…" }',
    ),
    "list of texts for tables": (
        'interludes = [{ kk = "соның ішінде:", ru = "в том числе:" }, { kk = "оның ішінде:", ru = "из них:" }]',
        'interludes = ["в том числе"]',
        'table 5: key "interludes" holds another kind of value. Write it like [{ … }, { … }]',
    ),
    "empty text": ('"thousand tenge"', '" "', 'layout: "unit" is empty. Write it like "…"'),
    "no words at all": (
        '{ kk = "Парктің құны", ru = "Стоимость парка" }',
        "{}",
        'table 5, title: key "kk, ru" is missing. Add { kk = "…", ru = "…" }',
    ),
    "unknown kind": (
        'number = "10", kind = "amount"',
        'number = "10", kind = "money"',
        "table 5, column 10: kind = 'money' is not possible. Values are amount, country.",
    ),
    "unknown check": (
        "length = 7",
        'length = 7\ncheck = "luhn"',
        "field licence: check = 'luhn' is not possible. Values are bin, iin, kato, year.",
    ),
    "boxes without length": ("length = 7\n", "", 'field licence: key "length" is missing. Add length = 1'),
    "length of a text": (
        'id = "depot"',
        'id = "depot"\nlength = 3',
        'field depot: only a field of boxes has length, check. Take it away, or write kind = "boxes".',
    ),
    "options of a text": (
        'id = "depot"',
        'id = "depot"\noptions = []',
        'field depot: only an option field has options. Take it away, or write kind = "option".',
    ),
    "no options": (
        'kind = "option"',
        'kind = "option"\noptions = []\n[[fields]]\nid = "x"\nkind = "option"',
        'field fuel: "options" is empty. Write it like [{ … }, { … }]',
    ),
    "field twice": ('id = "licence"', 'id = "quarter"', 'layout, fields: "quarter" stands there twice. Keep one'),
    "option twice": (
        'value = "gas"',
        'value = "petrol"',
        'field fuel, options: "petrol" stands there twice. Keep one',
    ),
    "line twice": ('code = "Г"', 'code = "В"', 'table 5, lines: "В" stands there twice. Keep one'),
    "column twice": ('number = "12"', 'number = "11"', 'table 5, columns: "11" stands there twice. Keep one'),
    "section twice": ("section = 8", "section = 5", 'table 5: "section 5" stands there twice. Keep one'),
    "rule twice": ('id = "park"', 'id = "whole"', 'layout, rules: "whole" stands there twice. Keep one'),
    "letter twice": ('letter = "II"', 'letter = "I"', 'table 5, label_columns: "I" stands there twice. Keep one'),
    "letter like a number": ('letter = "II"', 'letter = "10"', 'table 5: "10" stands there twice. Keep one'),
    "only twice": (
        'only = ["10", "12"]',
        'only = ["10", "10"]',
        'rule electric, only: "10" stands there twice. Keep one',
    ),
    "one label column": (
        ', { letter = "II", kk = "Көрсеткіш", ru = "Показатель" }',
        "",
        "table 5: there cannot be 1 label columns. Code, label and, on most forms, activity code: 2, 3.",
    ),
    "crossed label": (
        'letter = "II",',
        'letter = "II", crossed = ["А"],',
        "table 5, label column II: only label column 3, the activity code, has crossed. Take it away.",
    ),
    "absent parent": (
        'parent = "Б"',
        'parent = "Ж"',
        'table 5, line Б1: line "Ж" does not stand above this one. The parent is one of the lines above: А … Г.',
    ),
    "parent of itself": ('parent = "Б"', 'parent = "Б1"', 'table 5, line Б1: line "Б1" does not stand above this one.'),
    "absent line": (
        "А = Б + В + Г",
        "А = Б + В + Ж",
        'rule park: line "Ж" is not on the form. Lines are А … Г.',
    ),
    "absent column": (
        "10 = 11 + 12",
        "10 = 11 + 13",
        'rule whole: column "13" is not on the form. Columns are 10 … 14.',
    ),
    "absent column in only": (
        'only = ["10", "12"]',
        'only = ["10", "13"]',
        'rule electric: column "13" is not on the form. Columns are 10 … 14.',
    ),
    "column without figures": (
        "10 = 11 + 12",
        "10 = 11 + 14",
        'rule whole: column "14" holds no figures. Columns of figures are 10, 11, 12.',
    ),
    "absent section": (
        'section = 5\nclause = "label of line А"',
        'section = 6\nclause = "label of line А"',
        'rule park: section "6" has no table. Sections with one are 5, 8.',
    ),
    "crossed on an absent line": (
        'crossed = ["А"]',
        'crossed = ["Ж"]',
        'table 5, column 14: line "Ж" is not on the form. Lines are А … Г.',
    ),
    "crossed code on an absent line": (
        'crossed = ["010"]',
        'crossed = ["011"]',
        'table 8, label column: line "011" is not on the form. Lines are 010 … 050.',
    ),
    "group over an absent column": (
        'columns = ["11", "12"]',
        'columns = ["11", "13"]',
        'table 5, group: column "13" is not on the form. Columns are 10 … 14.',
    ),
    "lines and like lines": (
        "section = 5\ntitle",
        "section = 5\nlines_as_in = 8\ntitle",
        "table 5: lines, lines_as_in do not go together. Keep one, for example lines_as_in.",
    ),
    "relation without a sign": (
        "А = Б + В + Г",
        "А Б В",
        'rule park: "А Б В" is no relation. Write it like "1 = 2 + 3", "1.3 >= 1.3.1"; each term once.',
    ),
    "relation with an empty term": ("А = Б + В + Г", "А = Б + + Г", 'rule park: "А = Б + + Г" is no relation.'),
    "relation with two signs": ("А = Б + В + Г", "А = Б = В", 'rule park: "А = Б = В" is no relation.'),
    "relation with a term twice": ("А = Б + В + Г", "А = Б + А", 'rule park: "А = Б + А" is no relation.'),
    "tolerance as a float": (
        '"0.5"',
        "0.5",
        'rule whole: key "tolerance" holds another kind of value. Write it like "0.1"',
    ),
    "tolerance of words": (
        '"0.5"',
        '"half"',
        'rule whole: key "tolerance" holds another kind of value. Write it like "0.1"',
    ),
    "negative tolerance": (
        '"0.5"',
        '"-1"',
        'rule whole: key "tolerance" holds another kind of value. Write it like "0.1"',
    ),
    "sentence in two languages": (
        'ru = "А – сумма", en = "А is the sum"',
        'ru = "А – сумма"',
        'rule park: key "sentence" is missing. Add sentence = { kk = "…", ru = "…", en = "…" }',
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused_with_file_place_and_remedy(slip, tmp_path):
    old, new, complaint = SLIPS[slip]
    error = refused(tmp_path, changed(old, new))
    assert str(error).startswith(f"broken.toml: {complaint}")
    assert {"file", "place", "problem", "remedy"} <= set(error.parameters)
    assert isinstance(error, LayoutError)


def test_all_mistakes_of_a_file_are_told_together(tmp_path):
    text = changed("А = Б + В + Г", "А = Б + В + Ж").replace("10 = 11 + 12", "10 = 11 + 13", 1)
    error = refused(tmp_path, text)
    assert [problem.place for problem in error.problems] == ["rule whole", "rule park"]
    assert str(error).count("\n") == 1


def test_lines_can_only_be_those_of_an_earlier_table(tmp_path):
    error = refused(tmp_path, changed("section = 8\n", "section = 8\nlines_as_in = 9\n"))
    assert 'table 8: section "9" has no table. Sections with one are 5.' in str(error)


def test_mistakes_are_told_in_three_languages(tmp_path):
    error = refused(tmp_path, changed("А = Б + В + Г", "А = Б + В + Ж"))
    told = [explain(error, language) for language in LANGUAGES]
    assert len(set(told)) == len(LANGUAGES)
    assert all("broken.toml: rule park" in text and "А … Г" in text for text in told)


def test_a_refusal_survives_the_way_between_processes(tmp_path):
    error = refused(tmp_path, changed("А = Б + В + Г", "А = Б + В + Ж"))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_what_is_no_toml_is_refused_with_line_and_column(tmp_path):
    assert "line 3, column" in str(refused(tmp_path, 'id = "x"\n\nindex = {\n'))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "latin.toml"
    file.write_bytes(b'id = "\xe9"')
    with pytest.raises(BadLayout, match="this is not TOML"):
        load_layout(file)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadLayout, match=r"nowhere\.toml: the file cannot be read"):
        load_layout(tmp_path / "nowhere.toml")


def test_a_folder_is_read_whole_and_notices_apart(tmp_path):
    (tmp_path / "a.toml").write_bytes(OTHER.read_bytes())
    (tmp_path / "b.notice.toml").write_text('id = "b"\nmarks = [{ ru = "не работали" }]', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no layout", encoding="utf-8")
    assert list(load_layouts(tmp_path)) == ["3-test.2030"]
    assert [notice.id for notice in load_notices(tmp_path)] == ["b"]


def test_two_files_with_one_id_are_refused(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes(OTHER.read_bytes())
    with pytest.raises(BadLayout, match=r'b\.toml: layout: the id "3-test\.2030" is that of a\.toml too'):
        load_layouts(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadLayout, match="there is no such folder"):
        load_layouts(tmp_path / "nowhere")


def test_a_notice_without_marks_is_refused(tmp_path):
    file = tmp_path / "n.notice.toml"
    file.write_text('id = "n"', encoding="utf-8")
    with pytest.raises(BadLayout, match=r'n\.notice\.toml: notice: key "marks" is missing'):
        load_notice(file)


def test_a_published_rule_may_name_what_the_form_does_not_have():
    gone = next(rule for rule in load_layout(OTHER).rules if rule.id == "published.gone")
    assert gone.left == ("13",)


def test_another_form_is_read_as_it_is_written():
    layout = load_layout(OTHER)
    assert layout.valid_from == date(2030, 7, 1)
    assert [(field.id, field.kind, field.length) for field in layout.fields] == [
        ("quarter", FieldKind.BOXES, 1),
        ("licence", FieldKind.BOXES, 7),
        ("depot", FieldKind.TEXT, 0),
        ("fuel", FieldKind.OPTION, 0),
        ("driver_signature", FieldKind.SIGNATURE, 0),
    ]
    assert layout.field("fuel").options == ("petrol", "diesel", "gas")
    assert layout.field("depot").labels[0].all() == ("Автобаза",)
    park = layout.table(5)
    assert [(c.number, c.kind) for c in park.columns][-1] == ("14", ColumnKind.COUNTRY)
    assert park.groups[0].columns == ("11", "12")
    assert park.line("Б1").parent == "Б"
    assert layout.table(8).oked_crossed == {"010"}
    whole, *_ = layout.rules
    assert (whole.set, whole.relation, whole.tolerance) == (RuleSet.TABLE, Relation.EQUAL, Decimal("0.5"))
    assert len(layout.places) == 5 * 3 + 4 * 2


def test_the_hash_follows_the_bytes(tmp_path):
    copy = tmp_path / "copy.toml"
    copy.write_bytes(OTHER.read_bytes())
    assert load_layout(copy).sha256 == load_layout(OTHER).sha256
    copy.write_bytes(OTHER.read_bytes() + b"\n")
    assert load_layout(copy).sha256 != load_layout(OTHER).sha256


def test_what_is_shipped_loads():
    assert "2-uslugi-it.2026" in shipped_layouts()
    assert all(layout.id == name for name, layout in shipped_layouts().items())
    assert [notice.id for notice in shipped_notices()] == ["no-activity"]
