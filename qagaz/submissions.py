"""What forms say about each other: the same respondent, year and place handed in twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from extract.records import Source
from review.flatten import finding_row
from review.rows import FindingRow, FormRow, FormRows
from validate.records import Status
from validate.submissions import Judged, Likeness, Submission, judge_submissions


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
    """Compare all forms of a run; the later of two with the same key gets the finding."""
    found = judge_submissions(_submission(source, row) for source, row in forms if row.form)
    return Verdicts({(each.submission.source, each.submission.form): _verdict(each) for each in found})


def _submission(source: Source, row: FormRow) -> Submission:
    return Submission(
        source.sha256, source.file, row.form, row.bin, row.iin, row.year, row.kato, row.region, row.figures
    )


def _verdict(judged: Judged) -> Verdict:
    copy = judged.first.file if judged.likeness is Likeness.DUPLICATE else ""
    return Verdict((finding_row(judged.submission.form, judged.finding),), (judged.likeness.value,), copy)
