"""All numbers of the supervisor's page together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from review.portions import Portion
from review.work.measures.crew import Operator, operators
from review.work.measures.keyed import Measured, agreement, keyed, measured
from review.work.measures.scope import Scope
from review.work.measures.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Board:
    """How the work stands, what second keying showed, and what each person did."""

    standing: Standing
    accepted: Measured  # errors among figures that were accepted as read
    typed: Measured  # errors among figures that a person gave
    agreed: Portion
    operators: tuple[Operator, ...]


def board(session: Session, scope: Scope, at: datetime) -> Board:
    """The numbers of a scope, as they are at a moment."""
    figures = keyed(session, scope)
    return Board(
        standing(session, scope, at),
        measured(figures, accepted=True),
        measured(figures, accepted=False),
        agreement(figures),
        tuple(operators(session, scope, figures)),
    )
