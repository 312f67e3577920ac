"""Where something stands on a page: what rows of tables and records of the store have alike."""

from __future__ import annotations

from typing import Protocol

Corners = tuple[float, float, float, float]  # left, top, right, bottom


class Placed(Protocol):
    """Something with its place on a stored page."""

    @property
    def page(self) -> int | None:
        """The stored page; None or 0 where it is on none."""

    @property
    def x0(self) -> float | None:
        """Left, in stored coordinates, as all of its box."""

    @property
    def y0(self) -> float | None:
        """Top."""

    @property
    def x1(self) -> float | None:
        """Right."""

    @property
    def y1(self) -> float | None:
        """Bottom."""


def box_of(cell: Placed) -> Corners | None:
    """Left, top, right, bottom in stored coordinates; None for a cell that stands nowhere."""
    if cell.x0 is None or cell.y0 is None or cell.x1 is None or cell.y1 is None:
        return None
    return cell.x0, cell.y0, cell.x1, cell.y1
