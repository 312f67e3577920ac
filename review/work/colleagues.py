"""Who a form may be handed to."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from review.work.schema import Membership, Person, Task
from review.work.staff.people import Role, Worker
from review.work.tasks import State


def colleagues(session: Session, worker: Worker, task: Task) -> list[Person]:
    """Others who may work on a form: of its department, no auditors, and nobody who keyed it where another must."""
    members = select(Membership.person).where(Membership.department == task.department)
    reach = or_(Person.everywhere, Person.id.in_(members)) if task.department is not None else Person.everywhere
    wanted = select(Person).where(Person.active, Person.role != Role.AUDITOR.value, Person.id != worker.id, reach)
    spent = {task.first, task.second} if task.state in (State.SECOND, State.DISPUTE) else set()
    return [person for person in session.scalars(wanted.order_by(Person.name)) if person.login not in spent]
