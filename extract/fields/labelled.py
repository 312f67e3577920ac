"""Printed labels and what people wrote after them: one segmentation of all text lines outside the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from extract.records import Box, TextLine
from layouts.model import FieldKind, Layout, Words

LABEL_LIKENESS = 84.0  # rapidfuzz points at which a piece of a label is found in a line
SHORTEST_PIECE = 4  # letters; shorter pieces of labels occur by chance
SHORTEST_WRAP = 10  # letters a line must have to be taken for a part of a longer label
WRAP_LIKENESS = 90.0  # rapidfuzz points between what stands there and that part of the label
KNOWN_LAYOUTS = 32  # layouts whose labels are remembered
KNOWN_LINES = 512  # lines in which labels were looked for and are remembered: every field asks anew
FEWEST_SIGNS, MOST_SIGNS = 0.4, 1.5  # of a code's length, signs read as text where a code may stand
LINES_BELOW = 2  # lines after a label in which a code may still follow
SHORTEST_HEAD, HEAD_LIKENESS = 6, 92.0  # letters and points of a shortened label that a colon ends
WHOLE = 1.0  # weight by which a whole piece of print goes before as many letters of a longer one
FILLER = ' \t:;.,/|_-–—()"«»…'  # what stands between labels
BEFORE, AFTER = " \t:;.,/|_-–—)…", " \t:;,/|_-–—(…"  # and around what is written after them
_PIECES = re.compile(r"\s[-–—]\s|[()/;:]")
_ENDING = re.compile(r"[\d\s_|.)]*$")
_LOOKALIKES = str.maketrans("aceopxykmhtbiəɵәғқңөұүһі", "асеорхукмнтвіәөагкноуунi")


@dataclass(frozen=True, slots=True)
class Labelled:
    """What stands after a field's label."""

    field: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    fields: tuple[str, ...]  # whose label it may be a piece of, in the order of the layout; none: other print
    points: float
    field: str = ""  # whose it is, seen together with its neighbours


def label_values(lines: Sequence[TextLine], layout: Layout) -> dict[str, Labelled]:
    """For each text field of the layout what stands after its label, on the same line or on the next.

    Lines come in reading order; fields with nothing after their label are left out.
    """
    text_fields = {f.id for f in layout.fields if f.kind is FieldKind.TEXT}
    values: dict[str, Labelled] = {}
    waiting, before = "", ""
    for line in lines:
        spans = _spans(line.text, layout)
        above, before = before, line.text
        if not spans:
            start = _rest(above, line.text, layout)
            value = _value(line.text[start:])
            if waiting and value:
                values.setdefault(waiting, Labelled(waiting, value, line.part(start, len(line.text))))
                waiting = ""
            continue
        waiting = ""
        for span, following in zip(spans, [*spans[1:], None], strict=True):
            end = following.start if following is not None else len(line.text)
            value = _value(line.text[span.end : end])
            if span.field in text_fields and value:
                values.setdefault(span.field, Labelled(span.field, value, line.part(span.end, end)))
            waiting = span.field if span.field in text_fields and not value else ""
        if waiting in values:
            waiting = ""
    return values


def _rest(above: str, text: str, layout: Layout) -> int:
    """How far into a line the rest reaches of a piece of print that broke off at the end of the line above."""
    end, normal = _normal(above).rstrip(FILLER), _normal(text).rstrip(FILLER)
    here = normal.lstrip(FILLER)
    if len(here) < SHORTEST_PIECE:
        return 0
    broken = (
        piece[cut:].strip(FILLER)
        for piece in _pieces(layout)
        for cut in range(SHORTEST_PIECE, len(piece))
        if piece[cut] == " " and end.endswith(piece[:cut].rstrip(FILLER))
    )
    reaches = [_shared(rest, here) for rest in broken]
    longest = max(reaches, default=0)
    return len(text) if longest == len(here) else longest and len(normal) - len(here) + longest


def _shared(rest: str, text: str) -> int:
    """How many letters of a text are the rest of a piece of print: all of them, all of the rest, or none."""
    if rest.startswith(text):
        return len(text)
    whole = len(rest) >= SHORTEST_PIECE and text.startswith(rest) and not text[len(rest)].isalnum()
    return len(rest) if whole else 0


def _value(text: str) -> str:
    """What is written in a stretch of text, without the print's punctuation; "" if nothing but that stands there."""
    return text.lstrip(BEFORE).rstrip(AFTER) if text.strip(FILLER) else ""


def label_spans(text: str, layout: Layout) -> list[tuple[int, int, str]]:
    """The stretches of print in a line, (start, end, field): "" where it labels none."""
    return [(span.start, span.end, span.field) for span in _spans(text, layout)]


def label_boxes(lines: Sequence[TextLine], layout: Layout) -> dict[str, Box]:
    """Where each field's label stands: the box of the printed words."""
    found: dict[str, list[Box]] = {}
    for line in lines:
        for span in _spans(line.text, layout):
            if span.field:
                found.setdefault(span.field, []).append(line.part(span.start, span.end))
    return {field: Box.around(boxes) for field, boxes in found.items()}


@lru_cache(maxsize=KNOWN_LAYOUTS)
def _pieces(layout: Layout) -> Mapping[str, tuple[str, ...]]:
    """Every piece of print that may stand outside the tables, with the fields it may label, none for other print."""
    owners: dict[str, tuple[str, ...]] = {}
    for words in (layout.title, layout.index, *(t.title for t in layout.tables), *layout.marks, *layout.printed):
        owners |= dict.fromkeys(_split(words), ())
    for field in layout.fields:
        for words in field.labels:
            for piece in _split(words):
                owners[piece] = tuple(dict.fromkeys((*owners.get(piece, ()), field.id)))
    return owners


def _split(words: Words) -> list[str]:
    return [
        normal
        for text in words.printed()
        for piece in _PIECES.split(text)
        if len(normal := _normal(piece.strip(FILLER))) >= SHORTEST_PIECE
    ]


def _normal(text: str) -> str:
    """Lower case and one letter for look-alikes, keeping every character's position."""
    lowered = text.lower()
    return (lowered if len(lowered) == len(text) else text).translate(_LOOKALIKES)


@lru_cache(maxsize=KNOWN_LINES)
def _spans(text: str, layout: Layout) -> list[_Span]:
    """The printed pieces found in a line, left to right, longer and surer ones first where they overlap."""
    pieces, normal = _pieces(layout), _normal(text)
    found: list[_Span] = []
    # a line that is a part of a longer label, but for what is written at its end
    wrapped = _ENDING.sub("", normal).rstrip(FILLER)
    before_colon = normal[: max(0, normal.find(":"))].strip(FILLER)
    for piece, fields in pieces.items():
        if len(piece) <= len(normal):
            found += [_Span(start, end, fields, points) for start, end, points in _hits(piece, normal, 0)]
        if SHORTEST_WRAP <= len(wrapped) < len(piece):
            points = fuzz.partial_ratio(wrapped, piece, score_cutoff=LABEL_LIKENESS)
            found += [_Span(0, len(wrapped), fields, points * len(wrapped))] if points else []
        found += [_Span(start, end, fields, WRAP_LIKENESS * (end - start)) for start, end in _wraps(piece, wrapped)]
        if SHORTEST_HEAD <= len(before_colon) < len(piece) and fuzz.partial_ratio(before_colon, piece) >= HEAD_LIKENESS:
            found.append(_Span(0, normal.index(":"), fields, 100.0 * len(before_colon)))
    kept = _without_overlap(found)
    return _owned(text, [*kept, *_begun(normal, kept, pieces)])


def _begun(text: str, spans: Sequence[_Span], pieces: Mapping[str, tuple[str, ...]]) -> list[_Span]:
    """The first word or two of a label's next piece, which goes on in the next line, right behind its last one."""
    rest = text[spans[-1].end :].strip(FILLER) if spans else ""
    if len(rest) < SHORTEST_PIECE:
        return []
    begun = (f for piece, f in pieces.items() if len(rest) < len(piece) and piece.startswith(rest))
    owner = next((fields for fields in begun if set(fields) & set(spans[-1].fields)), None)
    return [_Span(text.rindex(rest), len(text), owner, 0.0)] if owner else []


def _wraps(piece: str, text: str) -> list[tuple[int, int]]:
    """Where a piece of print runs over the end of a line into the next, or comes from the line before."""
    found: list[tuple[int, int]] = []
    start = text.rfind(piece[:SHORTEST_WRAP])
    rest = text[start:]
    if start >= 0 and SHORTEST_WRAP <= len(rest) < len(piece) and fuzz.ratio(rest, piece[: len(rest)]) >= WRAP_LIKENESS:
        found.append((start, len(text)))
    end = text.find(piece[-SHORTEST_WRAP:]) + SHORTEST_WRAP
    rest = text[:end]
    if SHORTEST_WRAP <= end < len(piece) and fuzz.ratio(rest, piece[-end:]) >= WRAP_LIKENESS:
        found.append((0, end))
    return found


def _hits(piece: str, text: str, offset: int) -> list[tuple[int, int, float]]:
    """Every place where a piece of print stands in a text: (start, end, weight)."""
    hit = fuzz.partial_ratio_alignment(piece, text, score_cutoff=LABEL_LIKENESS) if len(piece) <= len(text) else None
    if hit is None:
        return []
    start, end = hit.dest_start, hit.dest_end
    points = hit.score * len(piece) + WHOLE
    own = [(offset + start, offset + end, points)] if _at_words(text, start, end) else []
    return [*_hits(piece, text[:start], offset), *own, *_hits(piece, text[end:], offset + end)]


def _owned(text: str, spans: Sequence[_Span]) -> list[_Span]:
    """Each piece with the one field it labels: pieces side by side narrow each other down."""
    owned: list[_Span] = []
    run: list[_Span] = []
    common: tuple[str, ...] = ()
    for span in spans:
        shared = tuple(field for field in common if field in span.fields)
        if run and (text[run[-1].end : span.start].strip(FILLER) or not shared):
            owned += [replace(each, field=common[0] if common else "") for each in run]
            run, shared = [], ()
        common = shared or span.fields
        run.append(span)
    return owned + [replace(each, field=common[0] if common else "") for each in run]


def _at_words(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text begins at a word's beginning."""
    return start == 0 or not text[start - 1].isalnum() or (start + 1 < end and not text[start].isalnum())


def _without_overlap(spans: list[_Span]) -> list[_Span]:
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda s: -s.points):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def digits_after(lines: Sequence[TextLine], layout: Layout, field: str, length: int) -> Labelled | None:
    """A code typed on a line, without boxes, after or below its label: exactly `length` digits."""
    run = re.compile(rf"(?<!\d)(?:\d[ \u00a0.]?){{{length - 1}}}\d(?!\d)")
    for line, start in _following(lines, layout, field):
        if hit := run.search(line.text, start):
            digits = re.sub(r"\D", "", hit.group())
            return Labelled(field, digits, line.part(hit.start(), hit.end()))
    return None


def code_places(lines: Sequence[TextLine], layout: Layout, field: str, length: int) -> Iterator[Labelled]:
    """Where a code of this length may stand after or below its label, though what was read there is none."""
    for line, start in _following(lines, layout, field):
        value = _value(line.text[start:])
        if FEWEST_SIGNS * length <= len(value.replace(" ", "")) <= MOST_SIGNS * length:
            yield Labelled(field, value, line.part(line.text.index(value, start), len(line.text)))


def _following(lines: Sequence[TextLine], layout: Layout, field: str) -> Iterator[tuple[TextLine, int]]:
    """The lines on which a field's answer may stand: its label's own from where that ends, and those just below."""
    waiting = 0
    for line in lines:
        spans = [span for span in _spans(line.text, layout) if span.field]
        own = [span for span in spans if span.field == field]
        if own:
            yield line, own[-1].end
        elif waiting and not spans:
            yield line, 0
        waiting = LINES_BELOW if own else (0 if spans else max(0, waiting - 1))


def labels_near(box: Box, boxes: Mapping[str, Box], height: float) -> dict[str, float]:
    """How near each field's label stands to a box, 1 (directly before or above it) … 0 (elsewhere)."""
    near: dict[str, float] = {}
    for field, label in boxes.items():
        beside = label.y0 < box.y1 and label.y1 > box.y0 and label.x0 < box.x0
        above = 0.0 <= box.y0 - label.y1 + 0.5 * height <= 3.0 * height and label.x0 < box.x1
        near[field] = 1.0 if beside else (0.7 if above else 0.0)
    return near
