"""Walls and edges: what is torn is mended, what text only seems to draw is left out."""

from __future__ import annotations

import numpy as np

from extract.grids.walls import Stroke, drawn_walls, true_edges, wall_shares


def test_shares_of_walls():
    """A stroke counts for the walls it covers, in shares of their length."""
    shares = wall_shares([Stroke(0.2, 0, 15), Stroke(50, 10, 20)], [0, 50], [0, 10, 20], 1.0)
    assert np.allclose(shares, [[1.0, 0.55], [0.05, 1.0]])


def test_torn_wall_is_mended_where_its_edge_runs_on():
    """A stamp eats most of one wall; the walls above and below say that it stands."""
    shares = np.array([[1.0, 1.0, 0.3, 1.0, 1.0]])
    assert drawn_walls(shares, np.zeros((1, 5))).all()
    assert not drawn_walls(shares).all()


def test_torn_column_runs_on_and_spanned_heading_stays():
    """A fax leaves stubs of a column; above its first stub, in a heading, there is no wall."""
    shares = np.array([[0.0, 0.4, 0.3, 0.1, 0.35, 0.4]])
    walls = drawn_walls(shares, shares, torn_columns=True)
    assert walls.tolist() == [[False, True, True, True, True, True]]


def test_strokes_of_text_make_no_row():
    """An underlined word in one column of many parts no row; a lone wall drawn in full does."""
    ys, xs = [0.0, 40.0, 100.0], [0.0, 50.0, 100.0, 150.0, 200.0]
    posts = [Stroke(x, 0, 100) for x in xs]
    full = np.ones((3, 4)), np.ones((2, 5))

    def edges(start, end, seen):
        lines = [Stroke(0, 0, 200), Stroke(40, start, end), Stroke(100, 0, 200)]
        share = full[0].copy()
        share[1] = seen
        return true_edges(
            lines, posts, xs, ys, 1.0, lambda x, y: (share[: len(y), : len(x) - 1], full[1][: len(y) - 1])
        )

    assert edges(55, 90, [0, 0.7, 0, 0])[1] == [0, 100]
    assert edges(50, 100, [0, 1.0, 0, 0])[1] == ys
