"""Where one form ends and the next begins among pages that lie one after another, and whether that is certain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.recognise import Recognised
from extract.rows.align import line_keys

SHARED_LINES = 3  # lines two pages both hold from which they are of two forms: a row cut by a page end gives one,
# and the next may be mistaken for it; of short pages all lines
LONGEST_GAP = 2  # lines missing in a row that may be rows not understood; from more a page is missing


def clash(first: Recognised, second: Recognised) -> bool:
    """Whether two pages cannot be of one form: of two layouts, both with a form's head, or with the same lines."""
    if first.certain and second.certain and not first.editions & second.editions:
        return True
    if first.head and second.head:
        return True
    if first.span is None or second.span is None:
        return False
    shared = min(first.span[1], second.span[1]) - max(first.span[0], second.span[0]) + 1
    shortest = min(page[1] - page[0] + 1 for page in (first.span, second.span))
    return first.span == second.span or shared >= min(SHARED_LINES, max(2, shortest))


def parted(pages: Sequence[Recognised]) -> tuple[list[Recognised], list[Recognised]]:
    """Pages of which the last belongs to another form than the first ones, cut where least speaks against it.

    Pages out of order and missing ones speak against a cut. Of equally good places one that leaves the first form
    whole is taken, then the one before a head, then the latest. Pages that tell nothing stay with what is before
    them, but where a form that has a head and an end is followed by one without a head, the last of them that has
    anything on it may be that head.
    """
    last = pages[-1]
    first = max((i for i, page in enumerate(pages[:-1]) if clash(page, last)), default=len(pages) - 2) + 1
    at = min(range(first, len(pages)), key=lambda i: _against(pages[:i], pages[i:], led=not pages[i].head, late=-i))
    before, after = list(pages[:at]), list(pages[at:])
    if _ends(before) and not any(page.head for page in after) and _leads(before[-1]) and any(p.head for p in before):
        after.insert(0, before.pop())
    return before, after


def _against(
    before: Sequence[Recognised], after: Sequence[Recognised], *, led: bool, late: int
) -> tuple[int, bool, bool, int]:
    """What speaks against a cut between these; of the second form more pages may follow."""
    known = [page.span for page in after if page.span is not None]
    missed = _gaps(before, end=_lines(before)) + _gaps(after, end=max(span[1] for span in known) + 1 if known else 0)
    headless = not any(page.head for page in before)
    return missed + headless + _disorder(before) + _disorder(after), not whole(before), led, late


def whole(pages: Sequence[Recognised]) -> bool:
    """Whether a form has its head and all its lines, as far as pages that tell nothing of themselves are not those."""
    unknown = sum(_leads(page) for page in pages)  # each may be one page that is missed
    headless = not any(page.head for page in pages)
    return any(page.span for page in pages) and _gaps(pages, end=_lines(pages)) + headless <= unknown


def _lines(pages: Sequence[Recognised]) -> int:
    """How many lines the form of these pages has."""
    return max((len(line_keys(page.layout)) for page in pages if page.certain and page.layout is not None), default=0)


def _gaps(pages: Sequence[Recognised], *, end: int) -> int:
    """How many stretches of the lines before `end` are on none of these pages."""
    runs = sorted([(-1, -1), *(page.span for page in pages if page.span is not None), (end, end)])
    return sum(right[0] - left[1] - 1 > LONGEST_GAP for left, right in pairwise(runs))


def _ends(pages: Sequence[Recognised]) -> bool:
    """Whether a form's last line is here, or what stands below it."""
    last = max((len(line_keys(page.layout)) - 1 for page in pages if page.layout is not None), default=0)
    return any((page.span is not None and page.span[1] == last) or (page.tail and not page.head) for page in pages)


def _leads(page: Recognised) -> bool:
    """Whether a page tells nothing of itself though something stands on it."""
    return page.span is None and not page.head and not page.tail and page.inked


def _disorder(pages: Sequence[Recognised]) -> int:
    """How often a page stands before one that it should follow."""
    places = [-1 if page.head else page.span[0] if page.span else None for page in pages]
    known = [place for place in places if place is not None]
    return sum(left > right for left, right in pairwise(known))
