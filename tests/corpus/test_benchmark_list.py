"""The frozen list: complete, the same everywhere, and told apart from anything else."""

import json
import random
from dataclasses import replace

import pytest

from corpus.__main__ import main
from corpus.benchmark.check import check_folder, check_truths
from corpus.benchmark.frozen import (
    UNSCORED,
    described,
    digest,
    frozen_list,
    list_text,
    make_item,
    make_part,
    of_part,
    truths,
)
from corpus.benchmark.plan import FAMILIES, SEED, everything, family_of, planned
from corpus.fonts import SHIPPED, hand_digit_faces, text_faces
from corpus.kinds import KINDS
from corpus.make import file_name

QUICK = [item for item in planned("small") if item.kind in {"digital", "docx", "bundle", "missing", "notice"}]


def test_the_list_is_the_plan():
    """Every planned file is listed once, in order, with its part, kind and seed."""
    rows = frozen_list()
    wanted = [(item.part, file_name(KINDS[item.kind], item.number)) for item in everything()]
    assert [(row.part, row.name) for row in rows] == wanted
    assert len(set(wanted)) == len(wanted)
    assert {row.seed for row in rows} == {SEED}
    assert list_text(rows).splitlines()[1].startswith(f"small,digital-000,digital,0,{SEED},1,")


def test_every_kind_has_a_family_and_is_listed():
    """No kind of the maker is forgotten but those of a browser, whose bytes differ each time."""
    listed = {item.kind for item in everything()}
    assert listed == {name for name, kind in KINDS.items() if not kind.browser}
    assert {kind for kinds in FAMILIES.values() for kind in kinds} == listed
    assert family_of("fax") == "fax and photo"


def test_parts_are_as_promised():
    """Forty files to try, within some 450; the hands apart."""
    rows = frozen_list()
    small, full, hands = (of_part(rows, part) for part in ("small", "full", "hands"))
    assert len(small) == 40
    assert len(full) == 454
    assert set(small) < set(full)
    assert all(KINDS[row.kind].hand == "real" for row in hands)
    assert not {row.kind for row in hands} & {row.kind for row in full}


def test_truth_is_what_is_listed():
    """Made anew, without pixels, it has the listed hashes: the maker's version is the list's."""
    verdict = check_truths(frozen_list(), truths(list(planned("small"))))
    assert str(verdict) == "truth: 40 of 40 files as listed"
    assert verdict.whole


def test_truth_needs_no_pixels(tmp_path, monkeypatch):
    """Specks and whole pages have the same truth; with real pages made small to be quick."""
    for item in (item for item in planned("small") if item.kind in {"missing", "bundle", "fax"}):
        monkeypatch.setitem(KINDS, item.kind, replace(KINDS[item.kind], dpi=30))
        whole = make_item(tmp_path, item)
        assert digest(whole) == digest(make_item(tmp_path, item, pixels=False))


def test_a_hash_says_what_is_scored_and_nothing_else():
    """A figure, a mistake or a field changes it; how numbers were styled does not."""
    ((_, entries),) = truths(QUICK[:1])
    before = digest(entries)
    entry = entries[0]
    assert digest([{**entry, **dict.fromkeys(UNSCORED, "x")}]) == before
    assert digest([{**entry, "kato": "000000000"}]) != before
    line = next(iter(entry["section2"]))
    other = {**entry["section2"][line], "1": {"written": "7", "thousand_tenge": "7"}}
    assert digest([{**entry, "section2": {**entry["section2"], line: other}}]) != before


def test_another_seed_gives_siblings_that_are_not_listed():
    """Of the same kinds, never seen: for claims of not having tuned."""
    item = QUICK[0]
    ((_, entries),) = truths([item], seed=SEED + 1)
    assert described(item, entries, SEED + 1).truth != next(r for r in frozen_list() if r.name == "digital-000").truth


def test_a_folder_is_checked_against_the_list(tmp_path):
    """What was made is as listed; a figure mended by hand is found out; going on makes nothing anew."""
    make_part(tmp_path, QUICK[:2])
    rows = [row for row in frozen_list() if row.name in {"digital-000", "digital-001"}]
    assert check_folder(rows, tmp_path).whole
    made = (tmp_path / "papers" / "digital-000.pdf").stat().st_mtime_ns
    make_part(tmp_path, QUICK[:2])
    assert (tmp_path / "papers" / "digital-000.pdf").stat().st_mtime_ns == made
    entries = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    entries[0]["bin"] = "1"
    (tmp_path / "truth.json").write_text(json.dumps(entries), encoding="utf-8")
    verdict = check_folder(rows, tmp_path)
    assert verdict.truth_other == ["digital-000"]
    assert not verdict.whole


def test_bytes_are_compared_where_they_are_listed(tmp_path):
    """Other bytes are told, and are no fault of the truth."""
    make_part(tmp_path, QUICK[:1])
    row = next(row for row in frozen_list() if row.name == "digital-000")
    assert row.pixels
    (tmp_path / "papers" / "digital-000.pdf").write_bytes(b"other")
    verdict = check_folder([row], tmp_path)
    assert verdict.whole
    assert verdict.bytes_other == ["digital-000"]
    assert "bytes: 0 of 1 files as listed, here with numpy" in str(verdict)


def test_the_frozen_world_needs_no_font_of_the_machine():
    """All its faces ship with the project, with every letter of the form."""
    for face in text_faces("frozen") + hand_digit_faces("frozen"):
        assert (SHIPPED / face.regular).is_file()
    assert {face.family for face in text_faces("frozen")} == {"pt-sans", "open-sans", "charis-sil"}


def test_the_command_checks_and_refuses(tmp_path, capsys):
    """Exit status 1 where the truth is another one."""
    rng = random.Random(1)
    make_part(tmp_path, list(planned("small"))[:1], seed=rng.randrange(10**6))
    assert main(["benchmark", "check", str(tmp_path)]) == 1
    assert "truth: 1 of 40" in capsys.readouterr().out  # the notice alone: it has no figures
    assert main(["benchmark", "make", str(tmp_path / "none"), "--kinds", "papyrus"]) == 2
    assert main(["benchmark", "make", str(tmp_path / "none"), "--part", "hands"]) == 2
    assert not (tmp_path / "none").exists()
    with pytest.raises(SystemExit):
        main(["benchmark", "make", str(tmp_path), "--part", "huge"])
