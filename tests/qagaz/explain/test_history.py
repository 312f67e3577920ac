"""The history of one value: every layer is there, in every language, and nothing of it is ever overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine, text

from extract.records import Source
from layouts.words import LANGUAGES
from qagaz.explain import ExplainError, Wanted, explain
from qagaz.explain_words import NARROW, lead, odds, tell
from review.answers import AnswerError
from review.rows import Step
from review.store import Store
from review.work.saying import Given
from tests.qagaz import fakes

KEYS = {
    "": "file source form layout versions place paper said merged choice rules findings verdict events result",
    "paper": "page box unit ink",
    "said": "reader rank text logp",
    "merged": "text value logp readers",
    "choice": "value read margin rival holding broken together",
    "rules": "rule set clause each at stand sentence finding",
    "verdict": "written value confidence status reasons why evidence",
    "events": "number at place act origin value note who versions undone_by",
    "result": "form_status left_out leaves paper_value final_value origin",
}


def made(**how):
    return fakes.make_form(Source("a1" * 32, "a.pdf", Path("a.pdf")), **how)


def settled(folder, *given):
    with Store.beside(folder) as store:
        for value, more in given:
            store.settle([Given("a.pdf", 1, more.pop("place", "s2/1/1"), value, **more)])


def test_the_trail_has_a_row_for_every_step_of_a_value(run, papers, tmp_path):
    """Each reader's own word, the silent one's too; what they say together; what the controls chose; the verdict."""
    run(papers(a="chosen"))
    rows = [r for r in pq.read_table(tmp_path / "out" / "trail.parquet").to_pylist() if r["place"] == "s2/1/1"]
    assert [(r["step"], r["reader"], r["rank"], r["text"], r["value"], r["logp"]) for r in rows] == [
        ("said", "fake 1", 1, "12.5", "", -0.01),
        ("said", "fake 2", 1, "99", "", -4.6),
        ("said", "fake 3", 1, "", "", None),
        ("merged", "fake 1", 1, "12.5", "99", -0.01),
        ("chosen", "", 1, "12.5", "12.5", None),
        ("judged", "", 1, "12.5", "12.5", None),
    ]
    chosen, judged = rows[4:]
    assert (chosen["margin"], chosen["rival"]) == (7.78, "99")
    assert (chosen["holding"], chosen["broken"]) == ("s2.total@1", "s2.columns@1")
    assert (judged["confidence"], judged["status"], judged["evidence"]) == (0.9877, "accepted", "summed")


def test_a_code_s_trail_tells_its_row_and_its_boxes(kept, explained):
    """Fields go through the same layers; no controls choose among them."""
    kept(made())
    steps = [(row.step, row.reader, row.text) for row in explained("year").trail]
    assert steps == [
        ("said", "fake 1", "2025"),
        ("said", "fake 1 boxes", "2025"),
        ("merged", "fake 1", "2025"),
        ("judged", "", "2025"),
    ]


def test_a_bare_cell_that_nobody_doubts_leaves_no_trail(run, papers, tmp_path):
    """The table grows with what is written, not with what a form could hold."""
    run(papers(a="form"))
    places = {row["place"] for row in pq.read_table(tmp_path / "out" / "trail.parquet").to_pylist()}
    assert places == {"s2/1/1", "s2/1/2", "s2/1.1/2", "s2/1.10/1", "bin", "year"}


def test_json_holds_every_layer(command):
    """The names and depths that docs/commands.md promises."""
    go = command("chosen")
    status, out, _ = go("explain", "a.pdf", "1", "s2/1/1", "--json")
    told = json.loads(out)
    assert status == 0
    assert list(told) == KEYS[""].split()
    for name, keys in KEYS.items():
        inner = told[name] if name else told
        for each in inner if isinstance(inner, list) else [inner]:
            assert list(each) == keys.split(), name
    assert told["choice"]["read"] == "99"
    assert told["choice"]["broken"] == ["s2.columns@1"]
    assert (told["paper"]["page"], told["paper"]["box"]) == (1, [10.12, 20.0, 30.0, 40.5])
    assert told["result"]["final_value"] == "12.5"


def test_two_answers_and_an_undo_are_all_there(command):
    """Nothing is overwritten: what was taken back says by what, and the machine's word stands beside."""
    go = command("doubt")
    go("settle", "a.pdf", "1", "s2/1/1", "98", "--who", "Асель", "--note", "blurred")
    go("settle", "a.pdf", "1", "s2/1/1", "99", "--who", "Болат", "--respondent")
    go("settle", "a.pdf", "1", "s2/1/1", "--undo", "--who", "Асель")
    events = json.loads(go("explain", "a.pdf", "1", "1", "1", "--json")[1])["events"]
    assert [(e["act"], e["value"], e["who"], e["origin"], e["note"]) for e in events] == [
        ("read", "12.5", "", "machine", ""),
        ("answer", "98", "Асель", "operator", "blurred"),
        ("answer", "99", "Болат", "respondent", ""),
        ("undo", "", "Асель", "operator", ""),
    ]
    assert [e["undone_by"] for e in events] == [None, None, events[3]["number"], None]
    told = go("explain", "a.pdf", "1", "s2/1/1")[1]
    assert "Болат, the respondent's correction: 99 (taken back, No. " in told
    assert "Асель, operator: 98 “blurred”" in told
    assert "leaves as 98 (on paper: 98; whose word: operator)" in told


def test_asking_for_the_history_changes_nothing(kept, explained, tmp_path):
    """Events before and after are the same rows."""
    kept(made(doubt=True))
    settled(tmp_path, ("98", {}), ("", {"undo": True}))

    def events():
        engine = create_engine(f"sqlite:///{tmp_path / 'qagaz.db'}")
        with engine.connect() as connection:
            found = connection.execute(text("SELECT * FROM events ORDER BY id")).all()
        engine.dispose()
        return found

    before = events()
    explained()
    assert events() == before


def test_the_machine_s_former_word_stays_when_a_form_is_read_anew(kept, explained, tmp_path):
    """Both words with their versions, the person's answer between them, and the part is the newer one's."""
    form = made(doubt=True)
    kept(form)
    settled(tmp_path, ("98", {}))
    first = form.cells[0]
    anew = replace(first, figure=replace(first.figure, value=Decimal(11), written="11"))
    kept(replace(form, cells=(anew, *form.cells[1:])), versions="versions 2")
    found = explained()
    assert [(w.act, w.value, w.versions) for w in found.history.words] == [
        ("read", "12.5", "versions 1"), ("answer", "98", ""), ("read", "11", "versions 2"),
    ]  # fmt: skip
    assert (found.cell.value, found.versions) == ("11", "versions 2")
    assert found.history.final.final_value == "98"


def test_answers_to_the_rule_and_the_form_belong_to_the_cell_s_history(kept, explained, tmp_path):
    """A confirmed rule and a form left out explain what became of the figure; other cells' answers do not."""
    kept(made(mistake=True))
    settled(
        tmp_path,
        ("confirm", {"place": "s2.columns@s2/1.1/1"}),
        ("7", {"place": "s2/1.10/1"}),
        ("exclude", {"place": "form"}),
    )
    found = explained("s2/1.1/1")
    assert [w.place for w in found.history.words] == ["s2.columns@s2/1.1/1", "form"]
    assert found.history.left_out
    assert found.history.final is None
    assert "the form does not count" in tell(found, "en")
    assert explained("s2.columns@s2/1.1/1") == found


def test_rules_speak_for_and_against_with_their_clauses(kept, explained):
    """A failed one with its finding and cause, one that holds without; the published clause beside the table's.

    Clauses are in the reader's language.
    """
    kept(made(mistake=True))
    found = explained("s2/1.1/1")
    assert [(t.control.rule.id, t.control.at, t.stand) for t in found.rules] == [
        ("s2.columns", "1.1", "fails"),
        ("s2.total", "1", "holds"),
        ("published.columns", "1.1", "holds"),
        ("published.total", "1", "holds"),
    ]
    told = tell(found, "ru").replace(NARROW, " ")
    assert "✗ s2.columns, строка 1.1: Графы складываются (heading (ru))" in told
    assert "Причина: Арифметическая ошибка респондента" in told
    assert "✓ s2.total, графа 1: Строки складываются (row 1 (ru))" in told
    assert "item 9, control 3" not in told
    assert "✓ s2.columns, line 1: Columns add up (heading; item 9, control 1)" in tell(explained("s2/1/1"), "en")


def test_amounts_in_a_cause_are_grouped_and_identifiers_are_not(kept, explained):
    """A sentence writes its amounts like the rest of the page; a BIN stays one number."""
    form = made(mistake=True)
    told = (("line", "1.1"), ("column", "1"), ("now", "14867"), ("new", "14866.5"), ("shift", "0.5"))
    amounts = replace(form.findings[0], message_id="why.wrong-sum", parameters=told)
    listed = replace(
        form.findings[0],
        rule="check.respondent-unknown",
        set="check",
        places=(),
        message_id="finding.respondent-unknown",
        parameters=(("field", "bin"), ("value", "190152509318")),
    )
    kept(replace(form, findings=(amounts, listed)))
    assert "стоит 14_867, а должно быть 14_866,5" in tell(explained("s2/1.1/1"), "ru").replace(NARROW, "_")
    assert "190152509318 is not on the list" in tell(explained("bin"), "en")


def test_the_controls_choice_is_told_with_odds_and_in_words(kept, explained):
    """Against what the readers alone think, and by how much."""
    kept(made(chosen=True))
    told = tell(explained(), "ru").replace(NARROW, "_")
    assert "выбрано: 12,5; сами распознаватели считают вероятнее 99" in told
    assert "вместо этого 99: шансы 1 : 2_400 – явный перевес" in told
    assert odds(-1.0, "en") == "1 : 1.0"
    assert lead(float("inf")) == "beyond"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_layer_has_words_in_every_language(kept, explained, tmp_path, language):
    """No id of the catalogue and no gap is left over, whatever there is to tell."""
    kept(made(doubt=True, mistake=True, chosen=True))
    settled(
        tmp_path,
        ("98", {"note": "ескертпе"}),
        ("", {"undo": True}),
        ("confirm", {"place": "s2.columns@s2/1.1/1"}),
        ("exclude", {"place": "form"}),
    )
    for place in ("s2/1/1", "s2/1.1/1", "bin", "s2/1.10/2"):
        told = tell(explained(place), language)
        assert "explain." not in told
        assert "{" not in told.replace("finding.made-up", "")
        assert [line[0] for line in told.splitlines() if line[:1].isdigit()] == list("123456")
        assert max(map(len, told.splitlines())) <= 112


def test_without_its_layout_a_value_s_rules_are_named(kept, tmp_path):
    """What the controls held on to is told by id, and where to find the words."""
    kept(made(chosen=True))
    with Store.beside(tmp_path) as store:
        told = tell(explain(tmp_path, store, Wanted("a.pdf", 1, "s2/1/1"), {}), "en")
    assert "✓ s2.total@1" in told
    assert "✗ s2.columns@1" in told
    assert "--layouts" in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("b.pdf", "1", "s2/1/1"), ("b.pdf", "forms.csv")),
        (("a.pdf", "2", "s2/1/1"), ("a.pdf", "form 2")),
        (("a.pdf", "one", "s2/1/1"), ("one",)),
        (("a.pdf", "1", "s2/9/1"), ("s2/9/1", "s2: 1 … 1.10 × 1 … 2", "bin")),
        (("a.pdf", "1", "9", "1"), ("9 1", "1.10")),
        (("a.pdf", "1", "1", "1", "--section", "3"), ("1 1",)),
    ],
)
def test_what_is_not_there_is_said_with_what_is(command, given, told):
    """Exit status 2, nothing on stdout, and the error names file, place and remedy."""
    go = command("form")
    status, out, err = go("explain", *given)
    assert (status, out) == (2, "")
    assert all(word in err for word in told)


def test_a_name_that_two_papers_had_is_not_guessed_at(kept, explained):
    """A file replaced by another of its name: the hash says which is meant, and both histories are there."""
    first, second = (Source(name * 32, "a.pdf", Path("a.pdf")) for name in ("a1", "b2"))
    kept(fakes.make_form(first))
    kept(fakes.make_form(second, chosen=True))
    with pytest.raises(AnswerError, match=rf"which-paper.*{first.sha256}, {second.sha256}"):
        explained()
    assert explained(file=first.sha256).choice is None
    assert explained(file=second.sha256).choice is not None


def test_a_rejected_file_has_no_cells_to_explain(command):
    """The error says where to look instead."""
    status, _, err = command("reject")("explain", "a.pdf", "0", "s2/1/1")
    assert status == 2
    assert "findings.csv" in err


def test_a_part_that_is_gone_is_asked_for(kept, explained, tmp_path):
    """Nothing is guessed from what is left."""
    kept(made())
    next((tmp_path / "parts").rglob("*.gz")).unlink()
    with pytest.raises(ExplainError, match="explain-no-part"):
        explained()
    with pytest.raises(AnswerError, match="answer-no-form"):
        explained(file="other.pdf")


def test_a_line_of_two_sections_wants_to_be_told_which(kept, explained):
    """Never the first of them by chance."""
    form = made()
    first = form.cells[0]
    reading = first.figure.reading
    moved = replace(reading, place=reading.place._replace(section=3))
    twin = replace(first, figure=replace(first.figure, reading=moved))
    kept(replace(form, cells=(*form.cells, twin)))
    with pytest.raises(ExplainError, match="s2/1/1, s3/1/1"):
        explained("1", column="1")
    assert explained("1", column="1", section=3).cell.place == "s3/1/1"
    assert explained("1", column="2").cell.place == "s2/1/2"


def test_steps_come_in_order(kept, explained):
    """As the value went through them."""
    kept(made(chosen=True))
    steps = [row.step for row in explained().trail]
    assert sorted(steps, key=list(Step).index) == steps
