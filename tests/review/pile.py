"""A large queue in no time: rows put straight into the tables, as months of work would have left them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from review.schema import Cell, Event, Form
from review.work.people import department
from review.work.schema import Batch, Paper, Task, Watched

CAUSES = ("arithmetic", "rounding", "reading", "missing-total", "unit", "misplaced", "unknown")
REASONS = ("low-confidence", "readers-disagree", "hand-unconfirmed", "control-fails", "blank-doubtful")
COMMON = {"versions": "", "note": ""}
CHUNK = 200  # forms put in at a time
END = datetime(2026, 3, 27, 11, 0, tzinfo=UTC)


def pile(store, count, *, cells=(), logins=("asel", "bolat"), offices=("Астана", "Алматы"), seed=1, days=20, end=END):
    """Put `count` forms into the queue, in batches of two hundred over some days; a part of them settled.

    `cells`: the places each form has, with a figure on every third; one form in twenty was keyed once more.
    """
    rng = random.Random(seed)
    with store.database.writing() as session:
        places = [department(session, name).id for name in offices]
        per_day = -(-count // days)
        for number, start in enumerate(range(0, count, CHUNK)):
            office = places[number % len(places)]
            came = end - timedelta(days=days - 1 - start // per_day, hours=4, minutes=number % 50)
            batch = Batch(
                department=office, name=f"{came:%d.%m}-{number + 1}", received=came.date(), papers=min(CHUNK, count - start),
                pages=6 * min(CHUNK, count - start) + (number % 7 == 3), note="", who=logins[0], at=came,
                closed=number % 3 == 0,
            )  # fmt: skip
            session.add(batch)
            session.flush()
            rows = _chunk(rng, range(start, min(start + CHUNK, count)), batch, came, cells, logins, end)
            for table in (Form, Paper, Task, Cell, Event, Watched):
                if rows[table]:
                    session.execute(insert(table), rows[table])


def _chunk(rng, numbers, batch, came, cells, logins, end):
    rows = {table: [] for table in (Form, Paper, Task, Cell, Event, Watched)}
    for number in numbers:
        source = f"{number:064x}"
        easy = rng.random() < 0.55
        asked = 0 if easy else 1 + int(rng.expovariate(0.3))
        spent = int(rng.lognormvariate(3.4, 0.7))
        settled = came + timedelta(minutes=30 + rng.randrange(6 * 1440), seconds=rng.randrange(60))
        local = settled.hour + 5
        settled += timedelta(
            hours=(9 - local) % 24 + rng.choice((0, 1, 1, 2, 3, 5, 6, 6, 7, 8)) if not 9 <= local < 18 else 0
        )
        open_ = not easy and (settled > end or rng.random() < 0.06)
        who = "" if easy or open_ else rng.choice(logins)
        again = bool(who) and rng.random() < 0.1
        state = "clear" if easy else "open" if open_ else "dispute" if again and rng.random() < 0.1 else "done"
        key = {"source": source, "form": 1}
        file = f"{batch.name}/{number:05d}.pdf"
        inked = [place for place in cells if hash_(place, number) % 3 == 0]
        rows[Form].append(key | {
            "file": file, "layout": "2-uslugi-it.2026", "year": "2025", "bin": "020960639692", "iin": "", "region": "Алматы", "kato": "",
            "hours": "", "pages": "1;2;3;4;5;6", "status": "accepted" if easy else "review", "reasons": "", "duplicate_of": "",
            "versions": "", "content": "", "figures": "",
        })  # fmt: skip
        rows[Paper].append({
            "source": source, "file": file, "path": "", "department": batch.department, "batch": batch.id, "state": "read", "pages": 6,
            "who": logins[0], "at": came, "received": came.date(),
        })  # fmt: skip
        rows[Task].append(key | {
            "file": file, "department": batch.department, "batch": batch.id, "state": state, "later": True,
            "open": asked if open_ else 0, "needed": asked if open_ else 0, "asked": asked,
            "causes": "" if easy or rng.random() < 0.4 else rng.choices(CAUSES, (40, 25, 12, 9, 6, 4, 4))[0],
            "reasons": ";".join(rng.sample(REASONS, 1 + rng.randrange(2))) if open_ else "", "inked": 45,
            "sure": 45 - min(asked, 45), "since": came, "holder": None, "held_from": None, "held_until": None,
            "seconds": 0 if not who else spent, "first": who, "settled": settled if who else None, "again": again,
            "second": "" if not again else logins[0] if who != logins[0] else logins[1],
        })  # fmt: skip
        doubtful = set(rng.sample(inked, min(asked, len(inked))))
        for position, place in enumerate(cells):
            value = str(1000 + number % 97 * 31 + position) if place in inked else ""
            rows[Cell].append(key | {
                "place": place, "position": position, "figure": True, "written": value, "value": value, "confidence": 0.99,
                "status": "review" if place in doubtful else "accepted",
                "reason": "low-confidence" if place in doubtful else "", "page": 1, "x0": 0.0, "y0": 0.0, "x1": 9.0, "y1": 9.0,
                "unit": "px", "alternatives": "",
            })  # fmt: skip
            event = key | COMMON | {"place": place, "value": value}
            if value:
                rows[Event].append(event | {"act": "read", "origin": "machine", "who": "", "at": came})
            if who and place in doubtful:
                rows[Event].append(event | {"act": "answer", "origin": "operator", "who": who, "at": settled})
            if again and (place in doubtful or (place in inked and rng.random() < 0.3)):
                other = logins[0] if who != logins[0] else logins[1]
                slip = "7" if rng.random() < (0.02 if place in doubtful else 0.0004) else ""
                rows[Event].append(event | {
                    "act": "second", "origin": "operator", "who": other, "at": settled + timedelta(minutes=40), "value": value + slip,
                })  # fmt: skip
        if who and inked and rng.random() < 0.3:
            belongs = rng.random() < 0.3
            caught = rng.random() < (0.01 if belongs else 0.93)
            rows[Watched].append(
                key | {"place": inked[0], "who": who, "belongs": belongs, "struck": caught, "at": settled}
            )
    return rows


def hash_(place, number):
    """Which cells of a form hold a figure: the same at each call."""
    return sum(map(ord, place)) * 7 + number
