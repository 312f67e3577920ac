"""Which forms numbers are about: those a person may see, of a department, a batch, a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from review.work.schema import Batch, Department, Task
from review.work.staff.people import Worker, visible

EVER = datetime(2000, 1, 1, tzinfo=UTC)  # before any form came in
NEVER = datetime(3000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scope:
    """What `worker` sees of a department and a batch (0: of all of them), and the period that numbers are about.

    Forms belong to a period by what happened to them in it: they came in, or were settled.
    """

    worker: Worker
    department: int = 0
    batch: int = 0
    since: datetime = EVER
    until: datetime = NEVER

    @property
    def forms(self) -> list[ColumnElement[bool]]:
        """The conditions on tasks, whatever the period."""
        wanted = [visible(self.worker, Task.department)]
        wanted += [Task.department == self.department] if self.department else []
        return wanted + ([Task.batch == self.batch] if self.batch else [])


def departments(session: Session, worker: Worker) -> list[Department]:
    """The departments whose forms a person sees, by name."""
    return list(session.scalars(select(Department).where(visible_department(worker)).order_by(Department.name)))


def batches(session: Session, scope: Scope) -> list[Batch]:
    """The batches that a person sees, of the scope's department, latest first."""
    wanted = [visible_batch(scope.worker)]
    wanted += [Batch.department == scope.department] if scope.department else []
    return list(session.scalars(select(Batch).where(*wanted).order_by(Batch.received.desc(), Batch.id.desc())))


def visible_department(worker: Worker) -> ColumnElement[bool]:
    """The condition that a department's forms are the worker's to see."""
    return Department.id.is_not(None) if worker.everywhere else Department.id.in_(worker.departments)


def visible_batch(worker: Worker) -> ColumnElement[bool]:
    """The condition that a batch was received by a department whose forms the worker sees."""
    return Batch.id.is_not(None) if worker.everywhere else Batch.department.in_(worker.departments)
