"""A value's history for machines: plain names, amounts as decimals in text, probabilities as logarithms."""

from __future__ import annotations

from layouts.show import in_language
from layouts.words import Language
from qagaz.explain import Explanation, Tried
from qagaz.speech import reason_in_words, worded
from review.answers import stamp
from review.history import Word
from review.rows import CellRow, FindingRow, Step, TrailRow


def as_json(explanation: Explanation, language: Language) -> dict[str, object]:
    """One object; sentences in it are in the language spoken, all else is the same in each."""
    history, cell = explanation.history, explanation.cell
    return {
        "file": history.file,
        "source": history.source,
        "form": history.form,
        "layout": explanation.form.layout,
        "versions": explanation.versions,
        "place": cell.place,
        "paper": {
            "page": cell.page,
            "box": None if cell.x0 is None else [cell.x0, cell.y0, cell.x1, cell.y1],
            "unit": cell.unit,
            "ink": cell.ink if isinstance(cell, CellRow) else None,
        },
        "said": [_word(row) for row in explanation.steps(Step.SAID)],
        "merged": [
            {"text": row.text, "value": row.value, "logp": row.logp, "readers": row.reader.split("+")}
            for row in explanation.readings
        ],
        "choice": _choice(explanation),
        "rules": [_rule(each, language) for each in explanation.rules],
        "findings": [_finding(finding, language) for finding in explanation.findings],
        "verdict": _verdict(explanation, language),
        "events": [_event(word) for word in history.words],
        "result": _result(explanation),
    }


def _word(row: TrailRow) -> dict[str, object]:
    return {"reader": row.reader, "rank": row.rank, "text": row.text, "logp": row.logp}


def _choice(explanation: Explanation) -> dict[str, object] | None:
    choice = explanation.choice
    if choice is None:
        return None
    read = next((row.value for row in explanation.steps(Step.MERGED)), "")
    return {
        "value": choice.value,
        "read": read,
        "margin": choice.margin,
        "rival": choice.rival,
        "holding": _split(choice.holding),
        "broken": _split(choice.broken),
        "together": _split(choice.together),
    }


def _rule(tried: Tried, language: Language) -> dict[str, object]:
    control = tried.control
    return {
        "rule": control.rule.id,
        "set": control.rule.set.value,
        "clause": control.rule.clause,
        "each": control.rule.each.value,
        "at": control.at,
        "stand": tried.stand,
        "sentence": in_language(control.rule.sentence, language),
        "finding": None if tried.finding is None else _finding(tried.finding, language),
    }


def _finding(finding: FindingRow, language: Language) -> dict[str, object]:
    told = ("rule", "set", "clause", "outcome", "left", "right", "difference", "cause")
    return {name: getattr(finding, name) for name in told} | {
        "places": _split(finding.places),
        "message": worded(finding.message, dict(finding.parameters), language),
    }


def _verdict(explanation: Explanation, language: Language) -> dict[str, object]:
    cell = explanation.cell
    reasons = _split(cell.reason)
    return {
        "written": cell.written,
        "value": cell.value,
        "confidence": cell.confidence,
        "status": cell.status,
        "reasons": reasons,
        "why": [reason_in_words(code, language) for code in reasons],
        "evidence": [name for row in explanation.steps(Step.JUDGED) for name in _split(row.evidence)],
    }


def _event(word: Word) -> dict[str, object]:
    return {
        "number": word.number,
        "at": stamp(word.at),
        "place": word.place,
        "act": word.act.value,
        "origin": word.origin.value,
        "value": word.value,
        "note": word.note,
        "who": word.who,
        "versions": word.versions,
        "undone_by": word.undone_by or None,
    }


def _result(explanation: Explanation) -> dict[str, object]:
    history = explanation.history
    final = history.final
    return {
        "form_status": history.status,
        "left_out": history.left_out,
        "leaves": final is not None,
        "paper_value": None if final is None else final.paper_value,
        "final_value": None if final is None else final.final_value,
        "origin": None if final is None else final.origin,
    }


def _split(joined: str) -> list[str]:
    return [name for name in joined.split(";") if name]
