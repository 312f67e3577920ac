"""A value's history in words: one numbered layer after the other, short, in the language spoken."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from layouts.model import Each, RuleSet
from layouts.show import in_language
from layouts.words import Language
from qagaz.explain import Explanation, Stand, Tried
from qagaz.speech import reason_in_words, worded
from review.answers import FORM, Act, stamp
from review.history import Word
from review.rows import CellRow, FindingRow, Step, TrailRow
from validate.records import Cause

WIDTH = 110  # characters a line may have
NARROW = "\u202f"  # narrow no-break space: groups thousands, and no line breaks in it
MINUS = "\u2212"
QUOTES: dict[Language, tuple[str, str]] = {"kk": ("«", "»"), "ru": ("«", "»"), "en": ("“", "”")}
GROUP = re.compile(r"(?<=\d)(?=(?:\d{3})+(?!\d))")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SHOWN = 3  # merged readings that are told
LABEL = 100  # characters of a line's label
HASH = 12  # characters of a hash that tell versions apart
MARK: dict[Stand, str] = {"holds": "✓", "fails": "✗", "undecided": "?"}
MARGINS = (  # odds up to which a lead is called so
    (3.0, "none"),
    (10.0, "slight"),
    (100.0, "fair"),
    (10_000.0, "clear"),
)
FARTHEST = 1e9  # odds beyond are not told apart
AMOUNTS = frozenset(  # parameters of findings that are amounts
    {"left", "right", "difference", "value", "now", "new", "other_now", "shift", "expected", "last"}
)


def tell(explanation: Explanation, language: Language) -> str:
    """The whole history, ready to print."""
    return "\n".join(_Teller(explanation, language).lines())


def amount(value: str, language: Language) -> str:
    """An amount as people write it; what is no number stays as it is.

    >>> amount("-12345.6", "ru").replace(NARROW, "_"), amount("1000", "en").replace(NARROW, "_"), amount("", "en")
    ('−12_345,6', '1_000', 'blank')
    """
    if not value:
        return worded("look.blank", {}, language)
    if not NUMBER.fullmatch(value):
        return value
    whole, point, rest = value.partition(".")
    grouped = GROUP.sub(NARROW, whole).replace("-", MINUS)
    return grouped + (point if language == "en" else "," if point else "") + rest


def percent(probability: float, language: Language) -> str:
    """A probability; never 0 or 100 %, for nothing is certain.

    >>> [percent(p, "en").replace(NARROW, " ") for p in (0.98765, 0.999999, 0.00001)]
    ['98.77 %', '>99.99 %', '<0.01 %']
    """
    told = f"{probability * 100:.2f}"
    told = {"100.00": ">99.99", "0.00": "<0.01"}.get(told, told)
    return f"{told if language == 'en' else told.replace('.', ',')}{NARROW}%"


def odds(margin: float, language: Language) -> str:
    """A margin in nats as odds, to two digits.

    >>> [odds(nats, "en").replace(NARROW, "_") for nats in (7.78, 0.9, 0.0, 50.0)]
    ['1 : 2_400', '1 : 2.5', '1 : 1.0', '< 1 : 1_000_000_000']
    """
    if margin >= math.log(FARTHEST):
        return f"< 1 : {amount(f'{FARTHEST:.0f}', language)}"
    against = math.exp(max(margin, 0.0))
    if against < 10:
        return f"1 : {amount(f'{against:.1f}', language)}"
    rounded = float(f"{against:.1e}")
    return f"1 : {amount(f'{rounded:.0f}', language)}"


def lead(margin: float) -> str:
    """What a margin in nats is called: an id's last part.

    >>> lead(0.5), lead(4.0), lead(7.8), lead(20.0)
    ('none', 'fair', 'clear', 'beyond')
    """
    return next((name for most, name in MARGINS if margin < math.log(most)), "beyond")


class _Teller:
    """Words one explanation."""

    def __init__(self, explanation: Explanation, language: Language) -> None:
        self._all = explanation
        self._cell = explanation.cell
        self._language = language

    def lines(self) -> Iterator[str]:
        yield from self._head()
        layers = {
            "paper": self._paper(),
            "readers": self._readers(),
            "controls": self._controls(),
            "verdict": self._verdict(),
            "record": self._record(),
            "result": self._result(),
        }
        for number, (name, told) in enumerate(layers.items(), start=1):
            yield f"{number}. {self._say(f'explain.layer.{name}')}"
            yield from (line for each in told for line in _wrapped(each))

    def _say(self, message_id: str, **told: object) -> str:
        return worded(message_id, told, self._language)

    def _quoted(self, text: str) -> str:
        first, last = QUOTES[self._language]
        return f"{first}{text}{last}"

    def _value(self, value: str) -> str:
        return amount(value, self._language) if isinstance(self._cell, CellRow) else value or self._say("look.blank")

    def _head(self) -> Iterator[str]:
        history = self._all.history
        yield self._say("explain.head", file=history.file, form=history.form, place=self._cell.place)
        if (label := self._label()) is not None:
            yield from _wrapped(label)

    def _label(self) -> str | None:
        """What the form calls the place."""
        layout, cell = self._all.layout, self._cell
        if layout is None or not isinstance(cell, CellRow):
            return None
        table = layout.table(cell.section)
        heading = next(column.heading for column in table.columns if column.number == str(cell.column))
        told = {
            "section": cell.section,
            "line": cell.line,
            "label": textwrap.shorten(in_language(table.line(cell.line).label, self._language), LABEL, placeholder="…"),
            "column": cell.column,
            "heading": textwrap.shorten(in_language(heading, self._language), LABEL, placeholder="…"),
        }
        return self._say("explain.label", **told)

    def _paper(self) -> Iterator[str]:
        cell = self._cell
        if cell.page is None:
            yield self._say("explain.no-page")
        elif cell.x0 is None:
            yield self._say("explain.page", page=cell.page)
        else:
            box = " ".join(f"{edge:g}" for edge in (cell.x0, cell.y0, cell.x1, cell.y1) if edge is not None)
            yield self._say("ask.where", page=cell.page, box=box, unit=cell.unit)
        if isinstance(cell, CellRow):
            yield self._say(f"explain.ink.{cell.ink}")
        yield f"SHA-256 {self._all.history.source}"

    def _readers(self) -> Iterator[str]:
        said = self._all.steps(Step.SAID)
        names = list(dict.fromkeys(row.reader for row in said))
        together = self._say("explain.together")
        width = max(map(len, [*names, together]))
        for name in names:
            words = "; ".join(self._word(row) for row in said if row.reader == name)
            yield f"{name:{width}}  {words}"
        if self._all.readings and (len(names) != 1 or isinstance(self._cell, CellRow)):
            words = "; ".join(self._merged())
            yield f"{together:{width}}  {words}"
        elif not said:
            yield self._say("explain.nobody-asked")

    def _word(self, row: TrailRow) -> str:
        if row.logp is None:
            return self._say("explain.sees-nothing")
        return f"{self._quoted(row.text)} ({self._chance(row.logp)})"

    def _merged(self) -> Iterator[str]:
        for row in self._all.readings[:SHOWN]:
            meant = f" = {self._value(row.value)}" if isinstance(self._cell, CellRow) else ""
            yield f"{self._quoted(row.text)}{meant} ({self._chance(row.logp)})"
        if len(self._all.readings) > SHOWN:
            yield self._say("explain.more", count=len(self._all.readings) - SHOWN)

    def _chance(self, logp: float) -> str:
        return percent(math.exp(min(logp, 0.0)), self._language)

    def _controls(self) -> Iterator[str]:
        if (choice := self._all.choice) is not None:
            yield from self._chosen(choice)
        if self._all.layout is None and isinstance(self._cell, CellRow):
            yield from self._by_name(choice)
            yield self._say("explain.no-layout", layout=self._all.form.layout)
        lines = [line for group in _worth_telling(self._all.rules) for line in self._rule(group)]
        lines += [f"• {self._finding(finding)}" for finding in self._all.findings]
        yield from lines
        if choice is None and not lines:
            yield self._say("explain.no-rule")

    def _chosen(self, choice: TrailRow) -> Iterator[str]:
        merged = next(iter(self._all.steps(Step.MERGED)), None)
        read = merged.value if merged is not None else choice.value
        same = "same" if read == choice.value else "other"
        yield self._say(f"explain.chosen-{same}", value=self._value(choice.value), read=self._value(read))
        margin = choice.margin or 0.0
        rival = self._value(choice.rival) if choice.rival else self._say("explain.any-other")
        words = self._say(f"explain.lead.{lead(margin)}")
        yield self._say("explain.margin", rival=rival, odds=odds(margin, self._language), lead=words)

    def _by_name(self, choice: TrailRow | None) -> Iterator[str]:
        """Rules whose wording is not at hand."""
        told = ((MARK["holds"], choice.holding), (MARK["fails"], choice.broken)) if choice else ()
        yield from (f"{mark} {name}" for mark, names in told for name in names.split(";") if name)

    def _rule(self, group: Sequence[Tried]) -> Iterator[str]:
        """A rule with its clauses: the table's, and of the published ones those that compare the same cells."""
        first = group[0]
        rule = first.control.rule
        at = self._say("explain.line" if rule.each is Each.LINE else "explain.column", at=first.control.at)
        clauses = "; ".join(dict.fromkeys(in_language(each.control.rule.cited, self._language) for each in group))
        sentence = in_language(rule.sentence, self._language).rstrip(".")
        yield f"{MARK[first.stand]} {rule.id}, {at}: {sentence} ({clauses})"
        if first.finding is not None:
            yield f"  → {self._finding(first.finding)}"

    def _finding(self, finding: FindingRow) -> str:
        told = worded(finding.message, self._parameters(finding), self._language)
        if finding.cause in {"", Cause.UNKNOWN}:
            return told
        return f"{told.rstrip('.')}. {self._say('explain.cause', cause=self._say(f'cause.{finding.cause}'))}"

    def _parameters(self, finding: FindingRow) -> dict[str, str]:
        """What the sentence names, amounts as people write them; a field's value is a number or name, not an amount."""
        if not isinstance(self._cell, CellRow):
            return dict(finding.parameters)
        return {k: amount(v, self._language) if k in AMOUNTS else v for k, v in finding.parameters}

    def _verdict(self) -> Iterator[str]:
        cell = self._cell
        judged = next(iter(self._all.steps(Step.JUDGED)), None)
        told = {"value": self._value(cell.value), "confidence": percent(cell.confidence, self._language)}
        yield self._say(f"explain.verdict.{cell.status}", **told)
        evidence = judged.evidence.split(";") if judged else []
        yield from (f"+ {self._say(f'explain.evidence.{name}')}" for name in evidence if name)
        yield from (f"– {reason_in_words(code, self._language)}" for code in cell.reason.split(";") if code)
        yield self._say("explain.made-with", versions=self._all.versions[:HASH])

    def _record(self) -> Iterator[str]:
        for word in self._all.history.words:
            told = {"number": word.number, "at": stamp(word.at).replace("T", " ").replace("Z", " UTC")}
            yield self._say("explain.event", **told, said=self._event(word))
        if not any(word.act is not Act.READ for word in self._all.history.words):
            yield self._say("explain.nobody")

    def _event(self, word: Word) -> str:
        value = self._value(word.value)
        who = word.who or self._say("explain.someone")
        origin = self._say(f"explain.origin.{word.origin.value}")
        told = {"who": who, "origin": origin, "value": value, "versions": word.versions[:HASH]}
        said = self._say(f"explain.act.{word.act.value}", **told)
        if word.place == FORM:
            said = self._say("explain.about-form", said=said)
        elif word.place != self._cell.place:
            said = self._say("explain.about", place=word.place, said=said)
        if word.note:
            said += f" {self._quoted(word.note)}"
        return f"{said} {self._say('explain.undone', number=word.undone_by)}" if word.undone_by else said

    def _result(self) -> Iterator[str]:
        history, final = self._all.history, self._all.history.final
        if history.left_out:
            yield self._say("explain.left-out")
        elif final is not None:
            origin = self._say(f"explain.origin.{final.origin}")
            told = {"value": self._value(final.final_value), "paper": self._value(final.paper_value), "origin": origin}
            yield self._say("explain.leaves", **told)
        else:
            standing = history.standing
            confirmed = standing is None or standing.act is Act.CONFIRM
            value = self._cell.value if confirmed or standing is None else standing.value
            yield self._say("explain.stands", value=self._value(value))
            if isinstance(self._cell, CellRow):
                yield self._say("explain.waits")


def _worth_telling(rules: Iterable[Tried]) -> list[list[Tried]]:
    """Rules that compare the same cells and stand alike; one that is published alone only where it does not hold."""
    groups: dict[object, list[Tried]] = {}
    for each in rules:
        groups.setdefault((each.control.left, each.control.right, each.stand), []).append(each)
    return [g for g in groups.values() if g[0].control.rule.set is RuleSet.TABLE or g[0].stand != "holds"]


def _wrapped(text: str) -> list[str]:
    """A line under its layer's heading; further lines are set in, so that the mark stays alone."""
    depth = 3 + len(text) - len(text.lstrip())
    width = WIDTH - depth
    first, *rest = textwrap.wrap(text.strip(), width) or [""]
    return [" " * depth + first, *(" " * (depth + 2) + line for line in textwrap.wrap(" ".join(rest), width - 2))]
