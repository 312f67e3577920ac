"""Files and truth: repeatable to the byte, complete, and honest about what cannot be seen."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

import corpus
from corpus.__main__ import main
from corpus.demo import FILES, demo_forms
from corpus.kinds import KINDS
from corpus.make import make, make_file
from layouts.load import load_layout, shipped_layouts
from layouts.model import (
    Column,
    ColumnKind,
    Each,
    FieldKind,
    FieldLayout,
    Layout,
    Line,
    Relation,
    Rule,
    RuleSet,
    TableLayout,
    Words,
)

LAYOUT = next(iter(shipped_layouts().values()))
QUICK = (
    "digital",
    "docx",
    "labels",
    "units",
    "tenge",
    "bundle-digital",
    "branches",
    "revision",
    "fillable",
    "empty",
    "notice",
)


def prints(folder):
    """Every file by name with the hash of its bytes."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def truth_of(folder):
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture
def coarse(monkeypatch):
    """Scans at so low a resolution that they are made in no time."""
    for name, kind in KINDS.items():
        if kind.dpi:
            monkeypatch.setitem(KINDS, name, replace(kind, dpi=48))


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("kinds", [QUICK, ("fax", "hand200", "searchable", "photo", "stamped", "shuffled", "rough")])
def test_the_same_seed_gives_the_same_bytes(tmp_path, kinds):
    """Truth and pictures alike."""
    for name, seed in (("a", 7), ("b", 7)):
        make(tmp_path / name, seed, len(kinds), kinds)
    assert prints(tmp_path / "a") == prints(tmp_path / "b")


def test_another_seed_gives_other_forms(tmp_path):
    """Nothing is fixed but the kinds."""
    for seed in (1, 2):
        make(tmp_path / str(seed), seed, 1, ["digital"])
    assert truth_of(tmp_path / "1") != truth_of(tmp_path / "2")


def test_truth_names_every_file_form_and_cell(tmp_path):
    """154 figure cells a form, a file for each entry, two forms in a bundle, none for a notice."""
    make(tmp_path, 11, len(QUICK), QUICK)
    entries = truth_of(tmp_path)
    for entry in entries:
        assert (tmp_path / entry["file"]).is_file()
        cells = [c for s in ("section2", "section3") for row in entry[s].values() for c in row.values()]
        assert sum("thousand_tenge" in cell for cell in cells) == len(LAYOUT.places)
        assert all(cell["written"] or cell["thousand_tenge"] == "0" for cell in cells if "thousand_tenge" in cell)
    kinds = [entry["kind"] for entry in entries]
    assert kinds.count("bundle-digital") == 2
    assert "notice" not in kinds
    assert (tmp_path / "notice-000.pdf").is_file()
    branches = [entry for entry in entries if entry["kind"] == "branches"]
    assert branches[0]["bin"] == branches[1]["bin"]
    assert branches[0]["kato"] != branches[1]["kato"]
    revisions = [entry for entry in entries if entry["kind"] == "revision"]
    assert [r["kato"] for r in revisions] == [revisions[0]["kato"]] * 2


@pytest.mark.usefixtures("coarse")
def test_a_missing_page_takes_its_figures_out_of_the_truth(tmp_path):
    """What is not in the file cannot be read: its cells are blank in the truth and the page is named."""
    for seed in range(3):
        entries = make_file(tmp_path, random.Random(seed), KINDS["missing"], f"m{seed}", LAYOUT, "dev")
        assert entries[0]["missing_pages"]


@pytest.mark.usefixtures("coarse")
def test_a_fax_is_a_bilevel_tiff_of_several_pages(tmp_path):
    """One bit a pixel, Group 4, more dots across than down."""
    make_file(tmp_path, random.Random(1), KINDS["fax"], "fax", LAYOUT, "eval")
    with Image.open(tmp_path / "fax.tif") as image:
        assert image.mode == "1"
        assert image.n_frames > 1
        assert image.info["compression"] == "group4"


def small_layout():
    """A form of another kind: two lines, one sum, no activity codes, no country."""
    words = Words("Барлығы", "Всего")
    table = TableLayout(
        section=1,
        title=Words("Кесте", "Таблица"),
        label_columns=("А", "Б"),
        label_headings=(Words("Код", "Код"), Words("Атауы", "Наименование")),
        lines=(Line("1", words), Line("2", Words("Көлік", "Транспорт")), Line("3", Words("Сауда", "Торговля"))),
        columns=(Column("1", ColumnKind.AMOUNT, words), Column("2", ColumnKind.AMOUNT, words)),
    )
    rule = Rule("sum", RuleSet.TABLE, 1, "", words, Each.COLUMN, Relation.EQUAL, ("1",), ("2", "3"))
    fields = (
        FieldLayout("year", FieldKind.BOXES, (Words("жыл", "год"),), 4, "year"),
        FieldLayout("bin", FieldKind.BOXES, (Words("БСН", "БИН"),), 12, "bin"),
    )
    return Layout("small.2026", words, words, date(2026, 1, 1), (), "thousand tenge", (table,), fields, (rule,), "")


def test_the_maker_knows_no_form_by_name(tmp_path):
    """Another layout is drawn just as well."""
    make(tmp_path, 3, 4, ["digital", "labels", "mistakes", "docx"], layout=small_layout())
    for entry in truth_of(tmp_path):
        assert set(entry["section1"]) == {"1", "2", "3"}


@pytest.mark.usefixtures("coarse")
def test_the_demonstration_has_all_its_files(tmp_path):
    """Each kind it promises, and one paper that is no form."""
    demo_forms(tmp_path)
    names = {path.name.split(".")[0] for path in tmp_path.iterdir()}
    assert names == {name for name, _ in FILES} | {"09-letter", "truth"}


def test_the_command_line_makes_and_refuses(tmp_path, capsys):
    """A kind that is not known is named, and nothing is made."""
    assert main(["make", str(tmp_path / "a"), "--seed", "1", "--forms", "1", "--kinds", "digital"]) == 0
    assert (tmp_path / "a" / "truth.json").is_file()
    assert main(["make", str(tmp_path / "b"), "--kinds", "papyrus"]) == 2
    assert "papyrus" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("name", ["2-uslugi-it.older.toml", "1-invest.example.toml"])
def test_another_edition_or_form_is_drawn_from_its_layout_file(tmp_path, name):
    """With its own lines, and digital as well as scanned; the examples are no layouts that ship."""
    file = Path(corpus.__file__).parent / "data" / name
    layout = load_layout(file)
    assert layout.id not in shipped_layouts()
    kinds = ["--kinds", "digital,scan150", "--forms", "2"]
    assert main(["make", str(tmp_path), "--seed", "3", "--layout", str(file), *kinds]) == 0
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert {entry["file"] for entry in truth} == {"digital-000.pdf", "scan150-000.pdf"}
    for entry in truth:
        for table in layout.tables:
            assert list(entry[f"section{table.section}"]) == [line.code for line in table.lines]
