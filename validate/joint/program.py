"""The integer program of a form: which candidate each cell takes, which rules the respondent broke, and at what price.

Columns: one for each candidate of each open cell, one for "none of these", one for each pattern of each equality, one
for each rule that is broken, one for a slip of the respondent's somewhere in it and one for a slip where two of them
cross, one for figures rounded each on its own. A broken rule must be answered for: by a slip, or by a cell that says
none of its candidates and then must hold a figure that could stand there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from layouts.model import Control, Place
from validate.joint.domains import Domain, Domains, digits_of
from validate.joint.patterns import Patterns
from validate.ledger import sign

UNLISTED = -1  # stands for a candidate: the cell says none of those listed
MOST_NODES = 200  # of one search; with more the form is not decided
MOST_SEARCHES = 15  # integer searches a form; margins after them are those of the relaxation, which are lower
MOST_STEPS = 2_000  # simplex steps of integer searches, after which none is begun for a margin
DIGITS_AWAY = 1  # a figure nobody read has about as many digits as was read
APART = 0.01  # nats by which a slip that explains two rules costs more than one that explains one
HALF = 0.5
DONE = highspy.HighsModelStatus.kOptimal
WHOLE = 1e-6  # from a whole number, less than which is none


@dataclass(frozen=True, slots=True)
class Prices:
    """What explanations cost, in nats."""

    slip: float  # the respondent slipped in one certain cell, by one certain amount
    rounding: float  # every figure was rounded on its own


@dataclass(frozen=True, slots=True)
class Solution:
    """One way to explain the whole form."""

    cost: float  # nats; a lower bound where the search was cut short
    choice: Mapping[Place, int]  # index of the candidate of each open cell, or UNLISTED
    slips: frozenset[Control]  # that the respondent broke
    rounded: bool
    whole: bool  # whether the search came to its end


@dataclass
class _Rows:
    """A sparse matrix on its way to the solver."""

    starts: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, terms: Iterable[tuple[int, float]], lower: float, upper: float) -> None:
        self.starts.append(len(self.index))
        for column, value in terms:
            self.index.append(column)
            self.value.append(value)
        self.lower.append(lower)
        self.upper.append(upper)


class _Quiet(highspy.Highs):
    """The solver without the lines it greets with on standard output, where results go."""

    def enableCallbacks(self) -> None:  # noqa: N802 - its own name for what it does first of all
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Program:
    """A form's program, solved again and again with one candidate of one cell forbidden or required."""

    def __init__(
        self, domains: Domains, equalities: Sequence[Patterns], inequalities: Sequence[Control], prices: Prices
    ) -> None:
        self._domains = domains
        self._costs: list[float] = []
        self._whole: list[bool] = []
        self._rows = _Rows()
        self._slip: dict[Place, int] = {}  # at a crossing of two equalities
        self._slips: dict[Control, list[int]] = {}  # whatever answers for a control
        self._prices = prices
        self._searches, self._steps = MOST_SEARCHES, MOST_STEPS
        used = {place for p in equalities for place in p.control.places}
        used |= {place for control in inequalities for place in control.places}
        self._open = [d for place, d in domains.cells.items() if place in used and d.open]
        self._take = {(d.place, k): self._column(c.cost) for d in self._open for k, c in enumerate(d.candidates)}
        self._away = {d.place: self._column(d.unlisted) for d in self._open if math.isfinite(d.unlisted)}
        self._rounded = self._column(prices.rounding)
        self._through: dict[Place, list[Patterns]] = {}
        for each in equalities:
            for place in each.control.places:
                self._through.setdefault(place, []).append(each)
        for place, crossing in self._through.items():
            if len(crossing) > 1:
                self._slip[place] = self._column(prices.slip + APART)
        for domain in self._open:
            self._rows.add(((c, 1.0) for c in self._columns_of(domain)), 1.0, 1.0)
        for each in equalities:
            self._equality(each)
        for control in inequalities:
            self._inequality(control)
        self._relaxed, self._strict = self._made(strict=False), self._made(strict=True)

    def best(self) -> Solution:
        """The cheapest explanation in which unlisted figures are such as can be.

        Cells that cannot hold one beside what else was found are kept to their readings for this search only: beside
        other readings, they may.
        """
        barred: list[int] = []
        while True:
            found = self._search(math.inf)
            away = [place for place, k in found.choice.items() if k == UNLISTED and not found.rounded]
            never = [place for place in away if self._domains.cells[place].candidates]
            never = [place for place in never if self._cannot_be(place, found)]
            if not never:
                self._bound(barred, 1.0)
                return found
            columns = [self._away[place] for place in never]
            self._bound(columns, 0.0)
            barred += columns

    def without(self, place: Place, k: int, enough: float = math.inf) -> Solution:
        """The cheapest explanation in which a cell says something else that was read, if there is such.

        The search ends early, with a lower bound, once nothing cheaper than `enough` is left.
        """
        barred = [column for other, column in self._choices(place) if other in (k, UNLISTED)]
        if len(barred) == len(self._choices(place)):
            return _unknown(math.inf)
        return self._with(barred, enough)

    def only(self, place: Place, k: int, enough: float = math.inf) -> Solution:
        """Likewise, in which it says this."""
        return self._with([column for other, column in self._choices(place) if other != k], enough)

    def least_unlisted(self, place: Place) -> float:
        """What any explanation costs at least in which a cell holds a figure that is not listed."""
        if place not in self._away:
            return math.inf
        barred = [column for other, column in self._choices(place) if other != UNLISTED]
        self._bound(barred, 0.0)
        try:
            return _run(self._relaxed)
        finally:
            self._bound(barred, 1.0)

    def _with(self, barred: Sequence[int], enough: float) -> Solution:
        self._bound(barred, 0.0)
        try:
            return self._search(enough)
        finally:
            self._bound(barred, 1.0)

    def _bound(self, columns: Iterable[int], upper: float) -> None:
        for column in columns:
            for solver in (self._relaxed, self._strict):
                solver.changeColBounds(column, 0.0, upper)

    def _search(self, enough: float) -> Solution:
        """The relaxation, whose solution is mostly whole already, then the integer program."""
        bound = _run(self._relaxed)
        if bound >= enough or self._relaxed.getModelStatus() != DONE:
            return _unknown(bound)
        if not self._is_fractional(self._relaxed):
            return self._read(self._relaxed)
        if not self._searches or (self._steps <= 0 and math.isfinite(enough)):
            return _unknown(bound)
        bound = max(bound, _run(self._strict))
        self._searches -= 1
        self._steps -= self._strict.getInfo().simplex_iteration_count
        return self._read(self._strict) if self._strict.getModelStatus() == DONE else _unknown(bound)

    def _is_fractional(self, solver: highspy.Highs) -> bool:
        values = np.asarray(solver.getSolution().col_value)[np.asarray(self._whole)]
        return bool(np.any(np.minimum(values, 1.0 - values) > WHOLE))

    def _read(self, solver: highspy.Highs) -> Solution:
        values = np.asarray(solver.getSolution().col_value)
        choice = {
            d.place: next((k for k, column in self._choices(d.place) if values[column] > HALF), UNLISTED)
            for d in self._open
        }
        slips = frozenset(control for control, columns in self._slips.items() if any(values[c] > HALF for c in columns))
        cost = float(solver.getInfo().objective_function_value)
        return Solution(cost, choice, slips, bool(values[self._rounded] > HALF), whole=True)

    # ---------------------------------------------------------------- columns and rows

    def _column(self, cost: float, *, whole: bool = True) -> int:
        self._costs.append(cost)
        self._whole.append(whole)
        return len(self._costs) - 1

    def _choices(self, place: Place) -> list[tuple[int, int]]:
        """(candidate, column) of a cell."""
        found = [(k, self._take[place, k]) for k in range(len(self._domains.cells[place].candidates))]
        return found + ([(UNLISTED, self._away[place])] if place in self._away else [])

    def _columns_of(self, domain: Domain) -> list[int]:
        return [column for _, column in self._choices(domain.place)]

    def _answer(self, control: Control) -> list[tuple[int, float]]:
        """What may answer for a broken rule: a slip in it, one where it crosses another, an unlisted figure."""
        crossings = [self._slip[place] for place in control.places if place in self._slip]
        self._slips[control] = [self._column(self._prices.slip), *crossings]
        away = [self._away[place] for place in control.places if place in self._away]
        return [(column, -1.0) for column in (*self._slips[control], *away)]

    def _equality(self, each: Patterns) -> None:
        broken = self._column(0.0, whole=False)
        taken = [self._column(0.0, whole=False) for _ in each.choices]
        self._rows.add([(column, 1.0) for column in (*taken, broken)], 1.0, 1.0)
        self._rows.add([(broken, 1.0), *self._answer(each.control)], -math.inf, 0.0)
        rough = [column for column, exact in zip(taken, each.exact, strict=True) if not exact]
        if rough:
            self._rows.add([*((column, 1.0) for column in rough), (self._rounded, -1.0)], -math.inf, 0.0)
        if any((each.choices == 0).all(axis=1) & each.exact):
            self._no_lone_unlisted(each)
        for at, place in enumerate(each.cells):
            for k in range(len(self._domains.cells[place].candidates)):
                with_it = [taken[row] for row in np.flatnonzero(each.choices[:, at] == k)]
                self._rows.add([*((c, 1.0) for c in with_it), (self._take[place, k], -1.0)], -math.inf, 0.0)

    def _no_lone_unlisted(self, each: Patterns) -> None:
        """Where a sum comes out as read, one cell of it cannot say something else than was read and all others this."""
        if any(not self._domains.cells[place].candidates for place in each.control.places):
            return
        free = [(column, -1.0) for column in (*self._slips[each.control], self._rounded)]
        for place in each.cells:
            if place in self._away:
                others = [(self._take[other, 0], 1.0) for other in each.cells if other != place]
                self._rows.add([(self._away[place], 1.0), *others, *free], -math.inf, float(len(others)))

    def _inequality(self, control: Control) -> None:
        """Σ left ≥ Σ right, where one cell stands on each side; longer ones are left to the checks."""
        if len(control.left) != 1 or len(control.right) != 1:
            return
        whole, part = (self._domains.cells[place] for place in (control.left[0], control.right[0]))
        if not (whole.candidates and part.candidates):
            return
        slack = self._domains.value(control.rule.tolerance)
        broken = self._column(0.0, whole=False)
        for k, candidate in enumerate(part.candidates):
            less = [i for i, c in enumerate(whole.candidates) if c.value < candidate.value - slack]
            terms = [(self._take[whole.place, i], 1.0) for i in less if whole.open]
            terms += [(self._take[part.place, k], 1.0)] if part.open else []
            certain = (0.0 if part.open else 1.0) + (1.0 if less and not whole.open else 0.0)
            if less:
                self._rows.add([*terms, (broken, -1.0)], -math.inf, 1.0 - certain)
        self._rows.add([(broken, 1.0), *self._answer(control)], -math.inf, 0.0)

    def _made(self, *, strict: bool) -> highspy.Highs:
        columns, rows = self._costs, self._rows
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns), len(rows.starts)
        model.col_cost_ = np.array(columns)
        model.col_lower_, model.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
        model.row_lower_, model.row_upper_ = np.array(rows.lower), np.array(rows.upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array([*rows.starts, len(rows.index)], dtype=np.int32)
        model.a_matrix_.index_ = np.array(rows.index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(rows.value)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        if strict:
            model.integrality_ = [kinds[whole] for whole in self._whole]
        solver = _Quiet()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.01),
            ("mip_max_nodes", MOST_NODES), ("presolve", "off" if strict else "choose"), ("solver", "simplex"),
            ("mip_heuristic_effort", 0.0),
        ):  # fmt: skip
            solver.setOptionValue(option, value)
        solver.passModel(model)
        return solver

    # ---------------------------------------------------------------- unlisted figures

    def _cannot_be(self, place: Place, found: Solution) -> bool:
        """Whether the rules through an unlisted cell leave no figure that it could hold.

        Each rule says what it would have to be: nothing that was read, not negative, about as long as what was read,
        and the same for all.
        """
        domain = self._domains.cells[place]
        listed = {c.value for c in domain.candidates}
        size = digits_of(domain.candidates, self._domains.decimals)
        said: set[int] = set()
        for each in self._through.get(place, ()):
            value = self._implied(place, each.control, found)
            if value is None:
                continue
            digits = len(str(abs(value) // 10**self._domains.decimals))
            if value in listed or value < 0 or (size and abs(digits - size) > DIGITS_AWAY):
                return True
            said.add(value)
        return len(said) > 1

    def _implied(self, place: Place, control: Control, found: Solution) -> int | None:
        """What an unlisted cell must hold for the control to hold; None where others leave it open."""
        if control in found.slips:
            return None
        rest = 0
        for other in control.places:
            if other == place:
                continue
            k = found.choice.get(other, 0)
            if k == UNLISTED or not self._domains.cells[other].candidates:
                return None
            rest += sign(control, other) * self._domains.cells[other].candidates[k].value
        return -sign(control, place) * rest


def _run(solver: highspy.Highs) -> float:
    """What its solution costs, or at least costs where the search was cut short; infinite where there is none."""
    solver.run()
    status, told = solver.getModelStatus(), solver.getInfo()
    if status == DONE:
        return float(told.objective_function_value)
    if status == highspy.HighsModelStatus.kInfeasible:
        return math.inf
    bound = float(told.mip_dual_bound)
    return bound if math.isfinite(bound) else 0.0


def _unknown(bound: float) -> Solution:
    return Solution(bound, {}, frozenset(), rounded=False, whole=False)
