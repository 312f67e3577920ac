"""Files that people give: headings in three languages, three formats, errors that name the place, reading anew."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from layouts.words import LANGUAGES, say
from qagaz import cli
from qagaz.equipment import Equipment
from qagaz.given import GivenTableError, read_given
from qagaz.knowledge import KnowledgeFiles, previous_figures, respondents
from tests.factories import BIN, IIN, place

HEADS = {
    "en": "bin,year,kato,section,line,column,value",
    "ru": "БИН;Отчётный год;Код КАТО;Раздел;Код строки;Графа;Значение",
    "kk": "БСН\tЕсепті жыл\tӘАОЖ коды\tБөлім\tЖол коды\tБаған\tМәні",
}


def csv_file(tmp_path, text, name="last.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def loaded(path):
    ((number, (past,)),) = previous_figures(path).items()
    return number, past


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_headings_are_understood_in_every_language(tmp_path, language, encoding):
    """With any separator a spreadsheet program writes, whatever else stands in the table."""
    head = HEADS[language]
    if encoding == "cp1251" and language == "kk":
        pytest.skip("the code page has no Kazakh letters")
    mark = next(ch for ch in ",;\t" if ch in head)
    rows = [[BIN, "2024", "711310000", "2", "1.10", "1", "12 345.6"], [BIN, "2024", "711310000", "2", "1.1", "1", ""]]
    text = "\n".join([f"№{mark}{head}", *(mark.join(["7", *row]) for row in rows)])
    number, past = loaded(csv_file(tmp_path, text.replace("№", "N"), encoding=encoding))
    assert (number, past.year, past.kato) == (BIN, "2024", "711310000")
    assert past.figures == {place("s2/1.10/1"): Decimal("12345.6")}


def test_a_workbook_may_lose_leading_zeros_of_a_number_and_no_line_code(tmp_path):
    """The check digit tells that the zeros belong there; 1.10 as a number is 1.1, so it is refused."""
    book = openpyxl.Workbook()
    book.active.append(HEADS["en"].split(","))
    book.active.append([int(BIN), 2024, 711310000, 2, "1.10", 1, 12345.6])
    book.save(tmp_path / "last.xlsx")
    assert loaded(tmp_path / "last.xlsx")[1].figures == {place("s2/1.10/1"): Decimal("12345.6")}
    book.active.append([int(BIN), 2024, 711310000, 2, 1.1, 1, 5])
    book.save(tmp_path / "last.xlsx")
    with pytest.raises(GivenTableError, match="given-line-number") as caught:
        previous_figures(tmp_path / "last.xlsx")
    assert (caught.value.parameters["row"], caught.value.parameters["value"]) == ("3", "1.1")


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("table", ["figures", "cells"])
def test_what_qagaz_wrote_is_joined_with_the_forms_beside_it(tmp_path, ending, table):
    """Final figures of an export, or the accepted cells of a run; a form whose number cannot be one is nobody's."""
    if (table, ending) == ("cells", "xlsx"):
        pytest.skip("cells are written as CSV and Parquet")
    rows = [
        {"source": "aa", "form": 1, "section": 2, "line": "1.10", "column": 1, "status": "accepted", "value": "5"},
        {"source": "aa", "form": 1, "section": 2, "line": "1.1", "column": 1, "status": "review", "value": "7"},
        {"source": "bb", "form": 1, "section": 2, "line": "1.1", "column": 1, "status": "accepted", "value": "9"},
    ]
    frame = pd.DataFrame(rows)
    if table == "figures":
        frame = frame.drop(columns="status").rename(columns={"value": "final_value"}).assign(paper_value="1")
    write = {"csv": frame.to_csv, "parquet": frame.to_parquet, "xlsx": frame.to_excel}[ending]
    write(tmp_path / f"{table}.{ending}", index=False)
    forms = "source,form,year,bin,iin,region,kato\naa,1,2024,,871011480473,г. Астана,\nbb,1,2024,020960639693,,,\n"
    with pytest.raises(GivenTableError, match="given-forms"):
        previous_figures(tmp_path / f"{table}.{ending}")
    csv_file(tmp_path, forms, "forms.csv")
    number, past = loaded(tmp_path / f"{table}.{ending}")
    expected = {place("s2/1.10/1"): Decimal(5)}
    if table == "figures":
        expected[place("s2/1.1/1")] = Decimal(7)
    assert (number, past.region, past.figures) == (IIN, "г. Астана", expected)


HEAD = HEADS["en"]
GOOD = f"{BIN},2024,711310000,2,1,1,5"


@pytest.mark.parametrize(
    ("text", "message", "told"),
    [
        ("", "given-empty", {}),
        (f"{HEAD}\n", "given-empty", {}),
        (f"bin,line,column,value\n{BIN},1,1,5\n", "given-columns", {"columns": "section"}),
        (f"{HEAD}\n{GOOD}\n{GOOD.replace(BIN, BIN[:-1] + '3')}\n", "given-number", {"row": "3", "column": "bin"}),
        (f"{HEAD}\n{GOOD.replace(BIN, '')}\n", "given-number", {"row": "2", "value": ""}),
        (f"{HEAD}\n{GOOD.replace(',2,1,1,', ',II,1,1,')}\n", "given-whole", {"row": "2", "column": "section"}),
        (f"{HEAD}\n{GOOD.replace(',2,1,1,', ',2,total,1,')}\n", "given-line", {"row": "2", "value": "total"}),
        (f"{HEAD}\n\n{GOOD[:-1]}12 тыс\n", "given-amount", {"row": "3", "value": "12 тыс"}),
        (f"{HEAD}\n{GOOD}\n{GOOD[:-1]}6\n", "given-twice", {"row": "3", "other": "5", "value": "6"}),
        (f'{HEAD}\n"{GOOD}\n', "given-unreadable", {}),
        (f"{HEAD}\n{GOOD[:-1]}-\n", "given-no-figures", {}),
    ],
)
def test_a_table_that_cannot_be_used_says_where_and_what_would_do(tmp_path, text, message, told):
    """In every language, with no placeholder left."""
    with pytest.raises(GivenTableError, match=message) as caught:
        previous_figures(csv_file(tmp_path, text))
    assert caught.value.parameters.items() >= {"file": "last.csv", **told}.items()
    for language in LANGUAGES:
        assert "{" not in say(caught.value.message_id, caught.value.parameters, language)


def test_columns_of_the_user_s_own_are_passed_over(tmp_path):
    """A status or a code that qagaz did not write means nothing here."""
    path = csv_file(tmp_path, f"{HEAD},status,код\n{GOOD},проверено,7\n")
    assert loaded(path)[1].figures == {place("s2/1/1"): Decimal(5)}


def test_a_file_that_is_no_table_or_not_there_says_so(tmp_path):
    """By its ending, its content, or its absence."""
    for name, message in (("a.docx", "given-format"), ("a.xlsx", "given-unreadable"), ("no.csv", "given-unreadable")):
        path = tmp_path / name if name == "no.csv" else csv_file(tmp_path, "nothing", name)
        with pytest.raises(GivenTableError, match=message):
            read_given(path)


def test_a_registered_address_is_passed_over(tmp_path):
    """It is no part of what is known, so that nothing can follow from it."""
    one = csv_file(tmp_path, f"БИН,Наименование,Адрес\n{BIN},ТОО А,г. Экибастуз\n", "one.csv")
    two = csv_file(tmp_path, f"БИН,Наименование,Адрес\n{BIN},ТОО А,г. Астана\n", "two.csv")
    assert respondents(one) == {BIN: "ТОО А"}
    assert KnowledgeFiles(respondents=one).load().digest == KnowledgeFiles(respondents=two).load().digest


def test_a_code_may_have_names_in_two_languages(tmp_path):
    """In one row or in two."""
    path = csv_file(tmp_path, "code,name\n551610000,г.Экибастуз\n551610000,Екібастұз қ.\n71 00 00 000,Астана\n")
    known = KnowledgeFiles(kato=path).load().classifier
    assert known.names == {"551610000": "г.Экибастуз/Екібастұз қ.", "710000000": "Астана"}
    with pytest.raises(GivenTableError, match="given-kato"):
        KnowledgeFiles(kato=csv_file(tmp_path, "code,name\n5516,Экибастуз\n", "short.csv")).load()


def test_other_knowledge_is_another_version(tmp_path):
    """So that a run into the same folder reads again; the name of the file is not part of it."""
    text = f"{HEAD}\n{GOOD}\n"
    one, same = csv_file(tmp_path, text), csv_file(tmp_path, text, "same.csv")
    other = csv_file(tmp_path, text.replace(",5", ",6"), "other.csv")
    digests = [Equipment(knowledge=KnowledgeFiles(previous=p)).versions().digest for p in (None, one, same, other)]
    assert digests[1] == digests[2]
    assert len(set(digests)) == 3


def test_a_wrong_table_ends_the_run_before_anything_is_read(tmp_path, capsys, monkeypatch):
    """Exit status 2, in words."""
    monkeypatch.setenv("QAGAZ_LANGUAGE", "en")
    (tmp_path / "in").mkdir()
    last = csv_file(tmp_path, f"{HEAD}\n{GOOD[:-1]}five\n")
    given = ["read", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--previous", str(last)]
    assert cli.main(given) == 2
    assert "last.csv, row 2, column value: “five” is no number." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
