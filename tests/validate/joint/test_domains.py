"""What cells may say, in which unit."""

from __future__ import annotations

import math

from extract.records import Alternative, Ink
from tests.factories import form_figures, place, reading
from validate.joint.domains import domains
from validate.settings import Settings


def test_a_reader_s_fancy_decimals_do_not_make_whole_numbers_exact():
    """What rounding leaves over is told by the last digit that figures are written to."""
    said = (Alternative("200", math.log(0.9), "a"), Alternative("2,00", math.log(0.05), "a"))
    fancy = {"s2/1.7/2": reading(place("s2/1.7/2"), said, ink=Ink.TYPED)}
    whole = {"s2/1/1": "400", "s2/1.7/1": "300", "s2/1.8/1": "100"}
    made = domains(form_figures(whole, readings=fancy).figures, 20.0, Settings())
    assert (made.decimals, made.last) == (0, 1)  # 2.00 is 2
    said = (Alternative("200", math.log(0.9), "a"), Alternative("2,05", math.log(0.05), "a"))
    fancy = {"s2/1.7/2": reading(place("s2/1.7/2"), said, ink=Ink.TYPED)}
    made = domains(form_figures(whole, readings=fancy).figures, 20.0, Settings())
    assert (made.decimals, made.last) == (2, 100)
