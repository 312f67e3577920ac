"""Names of countries → ISO codes."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postprocess.countries import DATA, read_countries


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Ресей", "RU"),
        ("Россия", "RU"),
        ("Pоссия", "RU"),
        ("РФ", "RU"),
        ("АҚШ; США", "US"),
        ("Ресей, Германия", "RU DE"),
        ("Россия и Китай", "RU CN"),
        ("Ресей және Қытай", "RU CN"),
        ("Ресей\nҚытай", "RU CN"),
        ("Герма\nния", "DE"),
        ("Өзбек-\nстан", "UZ"),
        ("Ұлыбритания/ОАЭ", "GB AE"),
        ("Антигуа и Барбуда", "AG"),
        ("Республика Узбекистан", "UZ"),
        ("Нигер, Нигерия", "NE NG"),
        ("Ирак Иран", "IQ IR"),
        ("DE", "DE"),
        ("Х", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_names_people_write(text, codes):
    """Names, abbreviations, look-alikes, several in a cell and words cut by a line break are certain."""
    read = read_countries(text)
    assert (" ".join(read.codes), read.reasons) == (codes, ())


@pytest.mark.parametrize(
    ("text", "codes", "reason"),
    [
        ("Росия", "RU", "country-guessed"),
        ("Узбикистан", "UZ", "country-guessed"),
        ("Европа", "", "country-unknown"),
        ("Россия, офшор", "RU", "country-unknown"),
    ],
)
def test_doubtful_names_say_so(text, codes, reason):
    """A misspelt name is guessed and said to be; an unknown one stays unknown."""
    read = read_countries(text)
    assert " ".join(read.codes) == codes
    assert reason in read.reasons


def test_every_official_name_is_its_country():
    """Every name of the list, in each language, is read as its own country."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) > 240
    wrong = [
        (row[k], row["alpha2"])
        for row in rows
        for k in ("kk", "ru", "en")
        if read_countries(row[k]).codes != (row["alpha2"],)
    ]
    assert not wrong


@given(st.text(max_size=40))
def test_no_text_makes_it_raise(text):
    """Whatever stands in the cell, there is an answer."""
    assert isinstance(read_countries(text).codes, tuple)
