"""Entries find their forms: by name, by identifier, through slips in both, by figures alone."""

from dataclasses import replace

import pytest

from compare.match import FIGURES, FILE, HASH, IDENTIFIER, MISTYPED, Figures, match
from training.typists import trials

BINS = ("020960639692", "130553532331", "010261907909", "081151079728", "990140000483", "060340007654")


@pytest.fixture
def made():
    """Six forms, typed without a slip, under names of their own."""
    forms = [replace(trial.machine, bin=bin_) for trial, bin_ in zip(trials(9, 6), BINS, strict=True)]
    entries = [
        replace(trial.entry, amounts=form.amounts, bin=form.bin)
        for trial, form in zip(trials(9, 6), forms, strict=True)
    ]
    return forms, entries


def found(forms, entries):
    matching = match(forms, entries, Figures(forms))
    pairs = {
        pair.machine.file: (pair.entries[0].amounts == pair.machine.amounts, pair.by[0]) for pair in matching.pairs
    }
    return matching, pairs


def test_by_name_whatever_its_folder_and_case(made):
    forms, entries = made
    renamed = [replace(entry, file=f"C:\\Scans\\{entry.file.upper()}") for entry in entries]
    matching, pairs = found(forms, renamed)
    assert set(pairs.values()) == {(True, FILE)}
    assert matching.untyped == matching.unread == ()


def test_by_hash_before_all(made):
    forms, entries = made
    swapped = [
        replace(entry, source=form.source, file=other.file)
        for entry, form, other in zip(entries, forms, [*forms[1:], forms[0]], strict=True)
    ]
    assert set(found(forms, swapped)[1].values()) == {(True, HASH)}


def test_by_identifier_and_branches_by_their_figures(made):
    forms, entries = made
    forms = [replace(form, bin=BINS[0]) for form in forms]
    entries = [replace(entry, file="typed.xlsx", form=n + 20, bin=BINS[0]) for n, entry in enumerate(entries)]
    assert set(found(forms, entries)[1].values()) == {(True, IDENTIFIER)}


def test_through_mistyped_keys(made):
    forms, entries = made
    mistyped = [
        replace(entry, file="t.csv", form=n + 20, bin=f"{e[:4]}{e[5]}{e[4]}{e[6:]}")
        for n, (entry, e) in enumerate(zip(entries, BINS, strict=True))
    ]
    assert {by for _right, by in found(forms, mistyped)[1].values()} <= {MISTYPED, IDENTIFIER}
    assert all(right for right, _by in found(forms, mistyped)[1].values())


def test_by_figures_alone(made):
    forms, entries = made
    bare = [replace(entry, file="t.csv", form=n + 20, bin="", year="") for n, entry in enumerate(entries)]
    assert set(found(forms, bare)[1].values()) == {(True, FIGURES)}


def test_what_is_left_is_said(made):
    """Typed twice, never typed, never read."""
    forms, entries = made
    stranger = replace(entries[5], file="stranger.pdf", bin="", amounts=dict(list(entries[5].amounts.items())[:2]))
    matching, pairs = found(forms[:5], [*entries[:4], replace(entries[0]), stranger])
    assert len(pairs) == 4
    assert [form.file for form in matching.untyped] == [forms[4].file]
    assert [entry.file for entry in matching.doubled] == [entries[0].file]
    assert [entry.file for entry in matching.unread] == ["stranger.pdf"]
