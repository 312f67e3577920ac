"""The supervisor's numbers made ready for the page: as charts, and in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

from layouts.words import Language
from review.portions import Portion
from review.station.charts import Point, area, bar, columns, rule, spark, whisker, whiskers
from review.station.words import number, reason_worded, worded
from review.work.measures.board import Board
from review.work.measures.standing import DAY, HOUR

MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)
DAYS = {"kk": "%d.%m", "ru": "%d.%m", "en": "%d %b"}
SHOWN = 14  # batches, and days, on a chart of shares: the latest
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a chart of rows: words, picture, number."""

    label: str
    picture: Markup
    number: str


@dataclass(frozen=True)
class Drawn:
    """Draws a board in a language; `names` are those of batches."""

    board: Board
    language: Language
    names: Mapping[int, str]

    def say(self, message: str, **told: object) -> str:
        """A message of the page."""
        return worded(message, self.language, **told)

    def count(self, value: float) -> str:
        """A whole number."""
        return number(round(value), self.language)

    def decimal(self, value: float, places: int = 1) -> str:
        """A number with decimals; nought at their end is left away."""
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{rounded:f}"
        return number(text.rstrip("0").rstrip(".") if "." in text else text, self.language)

    def percent(self, share: float) -> str:
        """A share in percent; with a decimal only near nothing and near all."""
        return self.say("station.percent", share=self.decimal(share * 100, _places(share)))

    def per_thousand(self, rate: float) -> str:
        """A rate in figures of a thousand, two digits that count; rounded up, as bounds are."""
        value = (Decimal(rate) * 1000).quantize(Decimal("0.000001"))  # what binary fractions add is no figure
        places = 2 if value < 1 else 1
        step = Decimal(1).scaleb(-places)
        return self.decimal(float((value / step).to_integral_value("ROUND_CEILING") * step), places)

    def interval(self, share: Portion) -> str:
        """From and to of a share, in percent."""
        low, high = (self.decimal(end * 100, _places(end)) for end in (share.low, share.high))
        return self.say("station.interval", low=low, high=high)

    def told(self, share: Portion) -> str:
        """A share with its number and interval; or that there is too little."""
        if not share.total:
            return self.say("station.none-yet")
        if not share.tells:
            return self.say("station.too-few-of", hits=share.hits, total=share.total)
        return self.say(
            "station.share-told", share=self.percent(share.part), hits=share.hits, total=share.total,
            interval=self.interval(share),
        )  # fmt: skip

    def span(self, seconds: float | None) -> str:
        """A length of time in its largest fitting unit."""
        if seconds is None:
            return "—"
        for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
            if seconds >= 2 * size:
                value = self.decimal(seconds / size, 1 if seconds < 10 * size and unit != "minutes" else 0)
                return self.say(f"station.span-{unit}", count=value).replace(" ", "\u00a0")
        return self.say("station.span-seconds", count=self.count(seconds)).replace(" ", "\u00a0")

    def date(self, at: datetime) -> str:
        """A day without its year."""
        return at.strftime(DAYS[self.language])

    def hour(self, hour: int) -> str:
        """An hour of the day."""
        return f"{hour:02d}:00"

    @property
    def queue_points(self) -> Sequence[Point]:
        """How many waited, over time."""
        line = self.board.standing.queue.line
        hourly = len(line) > 1 and (line[1][0] - line[0][0]).total_seconds() < DAY
        points = []
        for at, waiting in line:
            label = at.strftime("%H:%M") if hourly else self.date(at)
            points.append(Point(label, waiting, f"{self.date(at)} {at:%H:%M} · {self.count(waiting)}"))
        return points

    @property
    def age_points(self) -> Sequence[Point]:
        """How many of those that wait are how old."""
        ages = self.board.standing.queue.ages
        names = [self.say(f"station.age-{each}") for each in range(len(ages))]
        return [Point(name, n, f"{name} · {self.count(n)}") for name, n in zip(names, ages, strict=True)]

    @property
    def hour_points(self) -> Sequence[Point]:
        """Forms settled by hour of the day, without the hours before the first and after the last."""
        hours = self.board.standing.pace.hours
        worked = [hour for hour, count in enumerate(hours) if count]
        shown = range(min(worked), max(worked) + 1) if worked else range(9, 18)
        return [Point(f"{h}", hours[h], f"{self.hour(h)} · {self.count(hours[h])}") for h in shown]

    @property
    def day_points(self) -> Sequence[Point]:
        """Forms settled each day."""
        days = self.board.standing.pace.days
        return [Point(self.date(day), n, f"{self.date(day)} · {self.count(n)}") for day, n in days]

    @property
    def through_days(self) -> Sequence[Point]:
        """The share of forms never asked about, by the day they came in."""
        return [self._point(self.date(day), share) for day, share in self.board.standing.through.days[-SHOWN * 2 :]]

    def queue(self) -> Markup:
        """The queue over time."""
        return area(self.queue_points, self.count, self.say("station.chart-queue"))

    def ages(self) -> Markup:
        """How long forms have been waiting."""
        return columns(self.age_points, self.count, self.say("station.chart-ages"), numbers=True)

    def hours(self) -> Markup:
        """Forms settled by hour of the day."""
        return columns(self.hour_points, self.count, self.say("station.chart-hours"), numbers=True)

    def days(self) -> Markup:
        """Forms settled each day."""
        return columns(self.day_points, self.count, self.say("station.chart-days"))

    def through_by_day(self) -> Markup:
        """The share of forms never asked about, by day."""
        return whiskers(self.through_days, self.percent, self.say("station.chart-through-days"))

    def through_by_batch(self) -> Iterator[Row]:
        """The share of forms never asked about, of the latest batches."""
        for batch, share in reversed(self.board.standing.through.batches[-SHOWN:]):
            point = self._point(self.batch(batch), share)
            shown = self.percent(share.part) if share.tells else self.say("station.too-few")
            yield Row(point.label, whisker(point, marks=MARKS), f"{shown} · {share.hits}/{share.total}")

    def scale(self) -> Markup:
        """The scale under shares."""
        return rule(MARKS, self.percent)

    def causes(self) -> Iterator[Row]:
        """Causes of findings, most first."""
        yield from self._bars(self.board.standing.causes, "cause")

    def reasons(self) -> Iterator[Row]:
        """Reasons of doubt in forms that wait, most first."""
        yield from self._bars(self.board.standing.reasons, "reason")

    def share(self, share: Portion, label: str, begin: float) -> Markup:
        """A share with its interval, on a scale from `begin` to all."""
        return whisker(self._point(label, share), marks=(begin, (1 + begin) / 2, 1), begin=begin)

    def begin(self, *kinds: str) -> float:
        """Where a scale of people's shares begins: what all of them need, in tenths."""
        shares = [getattr(each, kind) for each in self.board.operators for kind in kinds]
        return min((int(share.low * 10) / 10 for share in shares if share.tells), default=0.0)

    def spark(self, days: Sequence[int], label: str) -> Markup:
        """One person's days, to the scale of all people."""
        most = max((max(each.days, default=0) for each in self.board.operators), default=0)
        return spark(days, most, label)

    def batch(self, batch: int) -> str:
        """A batch's name."""
        return self.names.get(batch, self.say("station.no-batch"))

    def _point(self, label: str, share: Portion) -> Point:
        limits = (share.low, share.high) if share.tells else (None, None)
        return Point(label, share.part, f"{label} · {self.told(share)}", *limits)

    def _bars(self, counts: Sequence[tuple[str, int]], kind: str) -> Iterator[Row]:
        most = max((count for _, count in counts), default=0)
        for code, count in counts:
            label = reason_worded(code, self.language) if kind == "reason" else self.say(f"{kind}.{code}")
            yield Row(label, bar(Point(label, count), most), self.count(count))


def _places(share: float) -> int:
    """Decimals of a share in percent."""
    return 0 if 0.1 <= share <= 0.9 or share in {0, 1} else 1
