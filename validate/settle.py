"""What a failed rule does to the cells it speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from layouts.model import Control, Place
from validate.causes.diagnose import Diagnosed
from validate.cells import certain, with_reason
from validate.ledger import Ledger
from validate.reasons import CONTROL_FAILS
from validate.records import CheckedCell
from validate.settings import Settings

MOST_LOOKED_AT = 2  # culprits; of a whole line in tenge, or written one off, not every figure is misread alike


def unsettle(
    cells: Sequence[CheckedCell], failed: Sequence[Diagnosed], ledger: Ledger, settings: Settings
) -> tuple[CheckedCell, ...]:
    """The cells, those of a failed rule sent to review until its cause is known.

    Three kinds of cells stay as they are: print of a text layer, which is certain whatever the sums say; cells that
    two readers are certain of; cells that another sum through them vouches for. The likely culprit on a scan goes to
    review all the same: two readers can agree on a figure that the scanner spoilt, and then the sums are all there is.
    """
    at = {cell.figure.reading.place: cell for cell in cells}
    shaken: set[Place] = set()
    for item in failed:
        control = item.trial.control
        if ledger.missing(control) or ledger.holds(control):
            continue
        inked = ledger.inked(control.places)
        shaken |= {p for p in inked if not certain(at[p], settings) and not _vouched(p, control, ledger)}
        shaken |= {p for p in item.diagnosis.culprits[:MOST_LOOKED_AT] if at[p].figure.reading.unit != "pt"}
    return tuple(with_reason(c, CONTROL_FAILS) if c.figure.reading.place in shaken else c for c in cells)


def _vouched(place: Place, failed: Control, ledger: Ledger) -> bool:
    """Whether another equality through the cell holds."""
    others = [control for control in ledger.equalities.get(place, ()) if control != failed]
    return any(ledger.holds(control) and not ledger.missing(control) for control in others)
