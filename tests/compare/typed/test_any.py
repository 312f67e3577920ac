"""Any figures in any shape, and any rubbish."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from compare.typed.records import BadTable
from layouts.words import LANGUAGES, placeholders, say
from postprocess.amounts import plain_decimal
from qagaz.commands.typed import where
from tests.compare.typed.tables import (
    CODES,
    LONG,
    as_excel,
    as_number,
    only,
    typed,
    wide_rows,
    write_csv,
    write_xlsx,
)
from tests.factories import layout

cell_texts = st.one_of(
    st.none(), st.integers(-5, 10**9), st.floats(allow_nan=False, allow_infinity=False, width=32), st.booleans(),
    st.datetimes(), st.text(alphabet="0123456789.,-/ АБВsectionlinevaluежол", max_size=8),
    st.sampled_from([*LONG, "1", "2", "3", *CODES[:4]]),
)  # fmt: skip


@settings(deadline=None)
@given(rows=st.lists(st.lists(cell_texts, max_size=7), max_size=12))
def test_no_table_breaks_it(rows, tmp_path_factory):
    """Whatever stands in a sheet, it is read or refused."""
    path = write_csv(tmp_path_factory.mktemp("rows") / "a.csv", rows)
    try:
        typed(path)
    except BadTable as error:
        for problem in error.problems:
            told = {"file": error.file, **where(problem, "en")}
            for language in LANGUAGES:
                assert not placeholders(say(problem.message_id, told, language))


amounts = st.decimals(min_value=0, max_value=10**7, places=1).map(lambda amount: f"{plain_decimal(amount):f}")
filled = st.dictionaries(st.sampled_from([str(at) for at in layout().places]), amounts, min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(cells=filled, spoil=st.sampled_from([str, as_excel, as_number]), long=st.booleans())
def test_what_is_typed_is_what_is_read_whatever_the_shape(cells, spoil, long, tmp_path_factory):
    """Any figures at any places, in a complete table of either shape, with codes as Excel leaves them."""
    path = tmp_path_factory.mktemp("typed") / "a.xlsx"
    numbers = {at: float(text) for at, text in cells.items()}
    if long:
        rows = [(at.section, spoil(at.line), int(at.column), numbers.get(str(at))) for at in layout().places]
        write_xlsx(path, {"x": [LONG, *rows]})
    else:
        codes = [spoil(code) for code in CODES]
        write_xlsx(path, {f"Раздел {n}": wide_rows(n, codes, numbers, float) for n in (2, 3)})
    assert only(path) == cells
