"""The classifier of places (KATO): which codes there are, and which of them a region's text names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from rapidfuzz import fuzz, process

from layouts.model import Layout
from postprocess.identifiers import LENGTHS
from postprocess.regions import beyond_region, folded, region_code
from validate.checks import REGION, check_finding, outcome_of, with_check
from validate.records import CheckedField, Finding, Outcome

SAME_WORD = 88.0  # rapidfuzz points; one letter of eight may be misread
LONG_WORD = 6  # letters; shorter words must be the same
LEAST_TYPED = 2  # letters from which on names are searched: one is in nearly all of them
LIKE = 75.0  # rapidfuzz points from which on a name is like what is typed: one letter of four may be another
BEGINS, NEAR = 10.0, 5.0  # points more for a name of which a word begins so, and for places of the region named
MOST_NAMED = 5  # places of one name that are worth proposing
# Words that say what kind of place it is, folded: «г. Экибастуз» and «Екібастұз қаласы» are told by the other word.
_KINDS = re.compile(
    r"^(г|к|с|п|а|о|га|ка|со|ао|го|аул\w*|ауыл\w*|сел\w*|пос\w*|пгт|кент\w*|округ\w*|окрг\w*|город\w*|гор|кала\w*|"
    r"област\w*|облыс\w*|обл|раион\w*|аудан\w*|р|н|сельск\w*|аульн\w*|городск\w*|калалык|аулдык|ауылдык|акимат\w*|"
    r"аким\w*|администрация)$"
)
_LEVELS = (2, 4, 6, 9)  # digits after which a level of KATO ends


@dataclass(frozen=True)
class Classifier:
    """Names by KATO code. A code may have several names, in Kazakh and Russian, joined by «/»."""

    names: Mapping[str, str]

    def proposed(self, text: str) -> str:
        """The code of the smallest place that the text surely names; "" where it names none, or several."""
        named = self._named(text)
        deepest = max((len(stem(code)) for code in named), default=0)
        found = {code for code in named if len(stem(code)) == deepest}
        within = {code for code in found if all(stem(code).startswith(stem(o)) or o in found for o in named)}
        return within.pop() if len(found) == 1 and within else ""

    def candidates(self, text: str) -> tuple[str, ...]:
        """Codes of the places that the text may name, a few at most: villages share their names.

        Of a place and one within it the smaller one is named.
        """
        named = self._named(text)
        smallest = [code for code in named if not any(o != code and o.startswith(stem(code)) for o in named)]
        return tuple(sorted(smallest)) if len(smallest) <= MOST_NAMED else ()

    def search(self, typed: str, near: str = "", most: int = 9) -> tuple[str, ...]:
        """Codes of places whose names are like what is typed, the likest first; of the region `near` before others.

        Of two alike the larger place comes first. Nothing is found by less than two letters.
        """
        wanted = folded(typed)
        if len(wanted) < LEAST_TYPED:
            return ()
        like = process.extract(wanted, self._folded, scorer=fuzz.partial_ratio, score_cutoff=LIKE, limit=None)

        def rank(found: tuple[str, float, str]) -> tuple[float, int, int, str]:
            name, points, code = found
            points += BEGINS * (f" {wanted}" in f" {name}") + NEAR * (bool(near) and code.startswith(near))
            return -points, len(stem(code)), len(name), code

        return tuple(code for _name, _points, code in sorted(like, key=rank)[:most])

    def _named(self, text: str) -> set[str]:
        """Codes of all places that a text names, larger and smaller; a region only where it names nothing else."""
        head = region_code(text)
        whole = head + "0" * (LENGTHS["kato"] - len(head))
        said = _telling(beyond_region(text))
        if not said:
            return {whole} & self.names.keys()
        known = self._in_region.get(head, ()) if head else chain.from_iterable(self._in_region.values())
        return {code for code, names in known if any(_all_in(name, said) for name in names)}

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        """Code → its names as they are compared."""
        return {code: folded(name) for code, name in self.names.items()}

    @cached_property
    def _in_region(self) -> Mapping[str, Sequence[tuple[str, tuple[tuple[str, ...], ...]]]]:
        """By the first two digits: codes with the words of their names."""
        found: dict[str, list[tuple[str, tuple[tuple[str, ...], ...]]]] = defaultdict(list)
        for code, name in self.names.items():
            words = tuple(filter(None, (_telling(folded(each).split()) for each in name.split("/"))))
            if words:
                found[code[:2]].append((code, words))
        return found


def stem(code: str) -> str:
    """The digits of a KATO code down to its own level: codes of places within it begin with them.

    >>> stem("550000000"), stem("551610000"), stem("551610100")
    ('55', '551610', '551610100')
    """
    return next((code[:end] for end in _LEVELS if not code[end:].strip("0")), code)


def check_classified(layout: Layout, fields: Sequence[CheckedField], classifier: Classifier) -> Iterator[Finding]:
    """A KATO code that is not in the classifier or not where the region's text says; one proposed where it is open."""
    text = next((f.field.value for f in fields if f.field.field == REGION and not f.field.line), "")
    proposed = classifier.proposed(text) if text else ""
    for found in with_check(layout, fields, "kato"):
        kato = found.field.value
        told_already = not kato.startswith(region_code(text))  # kato-contradicts-region
        told = {"field": found.field.field, "kato": kato, "region": text, "proposed": proposed}
        told["name"] = classifier.names.get(proposed, "")
        if kato and kato not in classifier.names:
            message = "kato-unknown-proposed" if proposed else "kato-unknown"
            yield check_finding("kato-unknown", outcome_of(found), message=message, told=told)
        elif kato and proposed and not told_already and not _one_within_other(kato, proposed):
            yield check_finding("kato-elsewhere", outcome_of(found), told=told, own=classifier.names[kato])
        elif not kato and proposed:
            yield check_finding("kato-proposed", Outcome.UNDECIDED, informational=True, told=told)


def _one_within_other(one: str, other: str) -> bool:
    return one.startswith(stem(other)) or other.startswith(stem(one))


def _telling(words: Sequence[str]) -> tuple[str, ...]:
    """The words that tell one place from another."""
    return tuple(word for word in words if not _KINDS.match(word))


def _all_in(name: Sequence[str], said: Sequence[str]) -> bool:
    """Whether every word of a name is among the words said."""
    return all(any(_same(word, other) for other in said) for word in name)


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    return min(len(word), len(other)) >= LONG_WORD and fuzz.ratio(word, other) >= SAME_WORD
