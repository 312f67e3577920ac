"""A large queue in no time: rows put straight into the tables, as weeks of work would have left them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from review.schema import Cell, Event, Form
from review.work.schema import Batch, Paper, Task, Watched
from review.work.staff.people import department

CAUSES = ("arithmetic", "rounding", "reading", "missing-total", "unit", "misplaced", "unknown")
OFTEN = (40, 25, 12, 9, 6, 4, 4)
REASONS = ("low-confidence", "readers-disagree", "hand-unconfirmed", "control-fails", "blank-doubtful")
CHUNK = 200  # forms of a batch
END = datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
TABLES = (Form, Paper, Task, Cell, Event, Watched)


def pile(store, count, *, cells=(), logins=("asel", "bolat"), offices=("Астана", "Алматы"), days=20, end=END, seed=1):
    """Put `count` forms into the queue, in batches over some days up to `end`; most are settled, some keyed again.

    `cells`: the places each form has, with a figure on every third.
    """
    rng = random.Random(seed)
    per_day = -(-count // days)
    with store.database.writing() as session:
        places = [department(session, name).id for name in offices]
        for number, start in enumerate(range(0, count, CHUNK)):
            size = min(CHUNK, count - start)
            came = end - timedelta(days=days - 1 - start // per_day, hours=4, minutes=number % 50)
            batch = Batch(
                department=places[number % len(places)], name=f"{came:%d.%m}-{number + 1}", received=came.date(),
                papers=size, pages=6 * size + (number % 7 == 3), note="", who=logins[0], at=came,
                closed=number % 3 == 0,
            )  # fmt: skip
            session.add(batch)
            session.flush()
            rows = {table: [] for table in TABLES}
            for form in range(start, start + size):
                _form(rows, rng, form, batch, came, cells, logins, end)
            for table in TABLES:
                if rows[table]:
                    session.execute(insert(table), rows[table])


def _form(rows, rng, number, batch, came, cells, logins, end):
    asked = 0 if rng.random() < 0.55 else 1 + int(rng.expovariate(0.3))
    settled = _in_office(rng, came + timedelta(minutes=30 + rng.randrange(6 * 1440)))
    waits = asked > 0 and (settled > end or rng.random() < 0.06)
    who = rng.choice(logins) if asked and not waits else ""
    second = rng.choice([each for each in logins if each != who]) if who and rng.random() < 0.1 else ""
    dispute = bool(second) and rng.random() < 0.1
    key = {"source": f"{number:064x}", "form": 1}
    file = f"{batch.name}/{number:05d}.pdf"
    rows[Form].append({
        **key, "file": file, "layout": "2-uslugi-it.2026", "year": "2025", "bin": "020960639692", "iin": "",
        "region": "Алматы", "kato": "", "hours": "", "pages": "1;2;3;4;5;6", "duplicate_of": "", "versions": "",
        "status": "review" if asked else "accepted", "reasons": "", "content": "", "figures": "",
    })  # fmt: skip
    rows[Paper].append({
        "source": key["source"], "file": file, "path": "", "department": batch.department, "batch": batch.id,
        "state": "read", "pages": 6, "who": logins[0], "at": came, "received": came.date(),
    })  # fmt: skip
    rows[Task].append({
        **key, "file": file, "department": batch.department, "batch": batch.id,
        "state": "open" if waits else "dispute" if dispute else "done" if asked else "clear", "later": True,
        "open": asked if waits else 0, "needed": asked if waits else 0, "asked": asked,
        "causes": rng.choices(CAUSES, OFTEN)[0] if asked and rng.random() < 0.6 else "",
        "reasons": ";".join(rng.sample(REASONS, 1 + rng.randrange(2))) if waits else "",
        "inked": 45, "sure": 45 - min(asked, 45), "since": came, "holder": None, "held_from": None,
        "held_until": None, "seconds": int(rng.lognormvariate(3.4, 0.7)) if who else 0, "first": who,
        "settled": settled if who else None, "again": bool(second), "second": second,
    })  # fmt: skip
    inked = [place for place in cells if (sum(map(ord, place)) * 7 + number) % 3 == 0]
    doubtful = set(rng.sample(inked, min(asked, len(inked))))
    for position, place in enumerate(cells):
        value = str(1000 + number % 97 * 31 + position) if place in inked else ""
        rows[Cell].append({
            **key, "place": place, "position": position, "figure": True, "written": value, "value": value,
            "confidence": 0.99, "status": "review" if place in doubtful else "accepted",
            "reason": "low-confidence" if place in doubtful else "", "page": 1, "x0": 0.0, "y0": 0.0, "x1": 9.0,
            "y1": 9.0, "unit": "px", "alternatives": "",
        })  # fmt: skip
    for place in inked:
        value = rows[Cell][cells.index(place) - len(cells)]["value"]
        doubt = place in doubtful
        said = [("read", "", came, value)]
        said += [("answer", who, settled, value)] if who and doubt else []
        if second and (doubt or rng.random() < 0.3):
            slip = "7" if rng.random() < (0.02 if doubt else 0.0004) else ""
            said.append(("second", second, settled + timedelta(minutes=40), value + slip))
        rows[Event] += [
            {**key, "place": place, "act": act, "origin": "operator" if name else "machine", "value": word, "note": "",
             "who": name, "versions": "", "at": at}
            for act, name, at, word in said
        ]  # fmt: skip
    if who and inked and rng.random() < 0.3:
        belongs = rng.random() < 0.3
        struck = rng.random() < (0.01 if belongs else 0.93)
        rows[Watched].append(
            {**key, "place": inked[0], "who": who, "belongs": belongs, "struck": struck, "at": settled}
        )


def _in_office(rng, when):
    """Moved into the hours in which people work in Kazakhstan, fewer of them around noon."""
    hour = (when.hour + 5) % 24
    if 9 <= hour < 18:
        return when
    return when + timedelta(hours=(9 - hour) % 24 + rng.choice((0, 1, 1, 2, 3, 5, 6, 6, 7, 8)))
