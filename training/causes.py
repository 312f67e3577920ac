"""How well causes of failed controls are told: `python -m training.causes --forms 3840 --out docs/evidence/causes.md`.

Forms are made in memory, as figures read without a fault, each with one mistake of its respondent, with two, or with
none. On half of them some cells are doubtful scans with further readings beside, so that the reader's errors compete
with the respondent's; on forms of the kind "misread" such a cell is misread, and the paper is right. Seeds below
100000 are for development, others for evaluation; the ways of writing figures differ as well.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from review.intervals import Z95, wilson
from training.evaluate import renewed
from training.slips import SOUND, TWO, Judged, tried
from validate.records import Cause

NONE = "no finding"


def main() -> None:
    """Reads the command line, tries, writes the page or prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=3840)
    parser.add_argument("--seed", type=int, default=100_000)
    parser.add_argument("--out", type=Path, help="file whose tables to renew; printed without")
    chosen = parser.parse_args()
    told = f"{chosen.forms} forms, seed {chosen.seed}.\n\n{report(list(tried(chosen.seed, chosen.forms)))}\n"
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, told), encoding="utf-8")
    else:
        print(told)


def report(judged: Sequence[Judged]) -> str:
    """Every table, one below the other."""
    single = [j for j in judged if j.planted.kind not in (SOUND, TWO)]
    parts = [
        "## Planted cause × reported cause\n\n" + matrix(single),
        "## Cause by cause\n\n" + by_cause(single),
        macro(single),
        "## Kind by kind\n\n" + by_kind(single),
        "## Papers that fit another cause as well\n\n" + twins(single),
        "## Beside\n\n" + beside(judged),
    ]
    return "\n\n".join(parts)


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *[[str(each) for each in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{hits / total:.1%} ({low:.1%} – {high:.1%})" if total else "–"


def right(judged: Judged) -> bool:
    """Whether the planted cause is reported."""
    return judged.told == judged.planted.cause


def fair(judged: Judged) -> bool:
    """The same, "unknown" being right where the paper fits another cause as well."""
    return right(judged) or (judged.told == Cause.UNKNOWN and bool(judged.twin))


def grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    """The forms by some property, sorted."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        groups[key(each)].append(each)
    return dict(sorted(groups.items()))


def matrix(judged: Sequence[Judged]) -> str:
    """How often each cause was reported where each was planted."""
    names = [*map(str, Cause), NONE]
    rows = []
    for cause, part in grouped(judged, lambda j: j.planted.cause).items():
        counts = Counter(j.told or NONE for j in part)
        rows.append([f"**{cause}**", *(counts.get(name, "") for name in names)])
    return _table(["planted", *names], rows)


def by_cause(judged: Sequence[Judged]) -> str:
    """The share reported rightly, and with the right place."""
    heads = ["planted", "forms", "right", "right, or unknown where the paper fits another cause", "place right"]
    rows = [
        [cause, len(part), *(_share(sum(map(test, part)), len(part)) for test in (right, fair, lambda j: j.placed))]
        for cause, part in grouped(judged, lambda j: j.planted.cause).items()
    ]
    return _table(heads, rows)


def macro_average(judged: Sequence[Judged], test: Callable[[Judged], bool]) -> tuple[float, float]:
    """The mean of the causes' shares, and half its 95 % interval."""
    groups = grouped(judged, lambda j: j.planted.cause).values()
    shares = [(sum(map(test, part)) / len(part), len(part)) for part in groups]
    mean = sum(share for share, _ in shares) / len(shares)
    variance = sum(share * (1 - share) / count for share, count in shares) / len(shares) ** 2
    return mean, Z95 * math.sqrt(variance)


def macro(judged: Sequence[Judged]) -> str:
    """The averages over the causes, of all forms and of those with and without doubtful cells."""
    groups = {
        "all forms": judged,
        "every figure certain": [j for j in judged if not j.planted.doubtful],
        "some figures doubtful": [j for j in judged if j.planted.doubtful],
    }
    rows = []
    for name, part in groups.items():
        averages = [macro_average(part, test) for test in (right, fair, lambda j: j.placed)]
        rows.append([name, len(part), *(f"{mean:.1%} ± {half:.1%}" for mean, half in averages)])
    heads = ["macro-average over causes", "forms", "right", "right, or unknown where …", "place right"]
    return _table(heads, rows)


def by_kind(judged: Sequence[Judged]) -> str:
    """The kinds of mistake."""
    rows = []
    for kind, part in grouped(judged, lambda j: j.planted.kind).items():
        others = Counter(j.told or NONE for j in part if not right(j))
        told = ", ".join(f"{name} {count}" for name, count in others.most_common())
        placed = sum(j.placed for j in part)
        rows.append([kind, part[0].planted.cause, len(part), _share(sum(map(right, part)), len(part)),
                     f"{placed / len(part):.1%}", told])  # fmt: skip
    return _table(["kind", "cause", "forms", "right", "place right", "reported otherwise"], rows)


def twins(judged: Sequence[Judged]) -> str:
    """How many papers leave the cause open, and what was said of them."""
    rows = []
    for name, part in grouped([j for j in judged if j.twin], lambda j: j.twin).items():
        told = Counter(j.told or NONE for j in part)
        said = ", ".join(f"{cause} {count}" for cause, count in told.most_common())
        rows.append([name, f"{len(part)} ({len(part) / len(judged):.1%})", sum(map(right, part)), said])
    return _table(["two explanations of one paper", "forms", "planted cause reported", "reported"], rows)


def beside(judged: Sequence[Judged]) -> str:
    """Forms without mistakes, forms with two, what was kept, and time."""
    sound = [j for j in judged if j.planted.kind == SOUND]
    two = [named for j in judged if j.planted.kind == TWO for named in j.named]
    alarms = Counter(j.told for j in sound if j.told)
    table = sum(any(f.set == "table" for f in j.findings) for j in sound)
    kept = sum(j.verbatim for j in judged)
    seconds = sorted(j.seconds for j in judged)
    told = ", ".join(f"{cause} {count}" for cause, count in alarms.items()) or "none"
    rows = [
        ["forms without a mistake on which a cause is named", _share(sum(alarms.values()), len(sound)), told],
        ["of them with a failed rule", _share(table, len(sound)), ""],
        ["mistakes of forms with two: right cause in the right place", _share(sum(two), len(two)), ""],
        ["forms on which every certain figure is kept as written", _share(kept, len(judged)), ""],
        ["processor milliseconds to decide a form: median, 99 %, most",
         " / ".join(f"{1000 * seconds[int(q * (len(seconds) - 1))]:.0f}" for q in (0.5, 0.99, 1)), ""],
    ]  # fmt: skip
    return _table(["", "", ""], rows)


if __name__ == "__main__":
    main()
