"""Which typed entry is of which form: by the paper's hash, its name, the respondent's identifier, the figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import PurePosixPath

from rapidfuzz.distance import OSA

from compare.groups import FEWEST, share_of
from compare.records import Amounts, MachineForm, Matched, Matching, TypedEntry
from compare.slips import plain
from layouts.model import Place

HASH, FILE, IDENTIFIER, MISTYPED, FIGURES = "source", "file", "identifier", "identifier-mistyped", "figures"
AGREE = 0.5  # share of figures that have to be the same where an identifier was mistyped
SAME = 0.75  # where nothing but figures tells
RARE = 3  # digits from which a figure tells a form from others
SLIPS = 2  # keystrokes by which a mistyped identifier differs


class Figures:
    """Finds forms by the figures in their places."""

    def __init__(self, forms: Iterable[MachineForm]) -> None:
        self._forms = list(forms)
        self._amounts = [form.amounts for form in self._forms]
        self._where: dict[tuple[Place, Decimal], list[int]] = defaultdict(list)
        for number, amounts in enumerate(self._amounts):
            for place, value in amounts.items():
                if _rare(value):
                    self._where[place, value].append(number)

    def nearest(self, figures: Amounts) -> list[tuple[float, MachineForm]]:
        """The forms that share most of these figures, place for place, with the share; the best few first."""
        votes: dict[int, int] = defaultdict(int)
        for place, value in figures.items():
            for number in self._where.get((place, value), ()) if _rare(value) else ():
                votes[number] += 1
        best = sorted(votes, key=lambda number: (-votes[number], number))[:5]
        return sorted(
            ((share_of(figures, self._amounts[number]), self._forms[number]) for number in best),
            key=lambda told: -told[0],
        )

    def best_other(self, figures: Amounts, than: MachineForm) -> float:
        """The largest share of these figures that another form has."""
        return max((share for share, form in self.nearest(figures) if form.key != than.key), default=0.0)


def match(forms: Sequence[MachineForm], entries: Sequence[TypedEntry], figures: Figures) -> Matching:
    """Each entry with the form it is of; of one table a form has one entry. The surest keys are tried first."""
    found: dict[tuple[str, int], list[tuple[TypedEntry, str]]] = defaultdict(list)
    unread: list[TypedEntry] = []
    doubled: list[TypedEntry] = []
    for table in dict.fromkeys(entry.table for entry in entries):
        of_table = [entry for entry in entries if entry.table == table]
        finder = _Finder(forms, of_table, figures)
        for entry, form, by in finder.found:
            found[form.key].append((entry, by))
        unread += finder.left
        doubled += finder.doubled
    pairs = tuple(
        Matched(form, tuple(e for e, _ in found[form.key]), tuple(by for _, by in found[form.key]))
        for form in forms
        if form.key in found
    )
    untyped = tuple(form for form in forms if form.key not in found)
    return Matching(pairs, untyped, tuple(unread), tuple(doubled))


def stem(file: str) -> str:
    """A paper's name without folders, ending and case: what people copy of it.

    >>> stem("2026/Март/Scan-07.PDF"), stem("scan-07")
    ('scan-07', 'scan-07')
    """
    name = PurePosixPath(file.replace("\\", "/")).name.casefold().strip()
    known = name.rpartition(".")
    return known[0] if known[0] and known[2] in {"pdf", "tif", "tiff", "jpg", "jpeg", "png"} else name


class _Finder:
    """Goes through one table's entries key by key; what is found is out of the game."""

    def __init__(self, forms: Sequence[MachineForm], entries: Sequence[TypedEntry], figures: Figures) -> None:
        self.found: list[tuple[TypedEntry, MachineForm, str]] = []
        self.left = list(entries)
        self.doubled: list[TypedEntry] = []
        self._free = {form.key: form for form in forms}
        self._figures = figures
        self._by_key(HASH, lambda e: (e.source, e.form) if e.source else None, lambda f: (f.source, f.form))
        self._by_key(FILE, lambda e: (stem(e.file), e.form), lambda f: (stem(f.file), f.form))
        taken = {(stem(entry.file), entry.form) for entry, _form, by in self.found if by == FILE}
        self._by_key(IDENTIFIER, lambda e: (e.bin, e.year) if e.bin else None, lambda f: (f.bin, f.year))
        self._by_figures(MISTYPED, self._like_mistyped)
        self._by_figures(FIGURES, self._like_figures)
        self.doubled = [entry for entry in self.left if (stem(entry.file), entry.form) in taken]
        self.left = [entry for entry in self.left if entry not in self.doubled]

    def _by_key(
        self,
        by: str,
        of_entry: Callable[[TypedEntry], Hashable | None],
        of_form: Callable[[MachineForm], Hashable],
    ) -> None:
        """Equal keys; where several share one (branches of one respondent), their figures tell which is which."""
        entries: dict[Hashable, list[TypedEntry]] = defaultdict(list)
        for entry in self.left:
            if (key := of_entry(entry)) is not None:
                entries[key].append(entry)
        forms: dict[Hashable, list[MachineForm]] = defaultdict(list)
        for form in self._free.values():
            forms[of_form(form)].append(form)
        done: set[int] = set()
        for key, several in entries.items():
            offers = [
                (share_of(entry.amounts, form.amounts), entry, form) for entry in several for form in forms.get(key, ())
            ]
            done |= self._settle(offers, by)
        self.left = [entry for entry in self.left if id(entry) not in done]

    def _by_figures(self, by: str, offers: Callable[[TypedEntry], Iterator[tuple[float, MachineForm]]]) -> None:
        done = self._settle([(share, entry, form) for entry in self.left for share, form in offers(entry)], by)
        self.left = [entry for entry in self.left if id(entry) not in done]

    def _settle(self, offers: list[tuple[float, TypedEntry, MachineForm]], by: str) -> set[int]:
        """The best pairs first, each entry and each form once; the entries (their `id`) that found a form."""
        done: set[int] = set()
        for _share, entry, form in sorted(offers, key=lambda offer: -offer[0]):
            if id(entry) not in done and form.key in self._free:
                done.add(id(entry))
                del self._free[form.key]
                self.found.append((entry, form, by))
        return done

    def _like_mistyped(self, entry: TypedEntry) -> Iterator[tuple[float, MachineForm]]:
        """Forms whose identifier or file name is a slip away and whose figures agree."""
        for share, form in self._figures.nearest(entry.amounts):
            near = _near(entry.bin, form.bin) or _near(stem(entry.file), stem(form.file))
            if share >= AGREE and near and form.key in self._free:
                yield share, form

    def _like_figures(self, entry: TypedEntry) -> Iterator[tuple[float, MachineForm]]:
        """Forms that have nearly all of an entry's figures, where it has enough to tell."""
        if sum(bool(value) for value in entry.amounts.values()) >= FEWEST:
            yield from (
                told for told in self._figures.nearest(entry.amounts) if told[0] >= SAME and told[1].key in self._free
            )


def _near(one: str, other: str) -> bool:
    return bool(one and other) and OSA.distance(one, other, score_cutoff=SLIPS) <= SLIPS


def _rare(value: Decimal) -> bool:
    return len(plain(value).replace(".", "")) >= RARE
