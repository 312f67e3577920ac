"""What the commands that take typed tables say of what keeps one from being read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from compare.typed.records import BadTable, Problem
from layouts.words import Language
from qagaz.speech import tell, worded

MOST_NOTES = 5  # of a kind
MOST_PROBLEMS = 20  # of a file, told one a line; the rest are counted


def tell_problems(error: BadTable, language: Language, *, as_json: bool) -> None:
    """Every problem on stderr, one a line; for machines their codes and places too."""
    for problem in error.problems[:MOST_PROBLEMS]:
        tell(problem.message_id, language, file=error.file, **where(problem, language))
    if (more := len(error.problems) - MOST_PROBLEMS) > 0:
        tell("told.typed-more", language, count=more)
    if as_json:
        codes = [{"error": p.message_id.removeprefix("error."), **p.told} for p in error.problems]
        print(json.dumps({"file": error.file, "errors": codes}, ensure_ascii=False))


def tell_notes(file: str, notes: Sequence[Problem], language: Language) -> None:
    """What is worth telling of a table that was read, on stderr; of each kind the first few, the rest counted."""
    kinds: dict[str, list[Problem]] = defaultdict(list)
    for note in notes:
        kinds[note.message_id].append(note)
    for kind, told in kinds.items():
        for note in told[:MOST_NOTES]:
            tell(kind, language, file=file, **where(note, language))
        if (more := len(told) - MOST_NOTES) > 0:
            tell("told.typed-more-notes", language, count=more)


def where(problem: Problem, language: Language) -> dict[str, str]:
    """What a problem's message names: its place in words, with the sheet where there are sheets."""
    told = problem.told
    if problem.spot is None:
        return told
    kind = "typed.where-sheet" if problem.spot.sheet else "typed.where"
    return told | {"where": worded(kind, told, language)}
