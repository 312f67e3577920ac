"""Region texts → the head of the KATO code."""

from __future__ import annotations

import pytest

from postprocess.regions import REGION_CODES, region_code, regions
from tests.factories import truths


def test_there_are_twenty_regions():
    """Seventeen regions and three cities, each code once."""
    assert len(regions()) == len(REGION_CODES) == 20
    assert sum(region.city for region in regions()) == 3


@pytest.mark.parametrize("region", regions(), ids=lambda region: region.code)
def test_official_names_are_their_region(region):
    """The official name in either language gives the region's own code."""
    assert region_code(region.kk) == region_code(region.ru) == region.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("г. Алматы, Бостандыкский район", "75"),
        ("Алматы облысы, Қонаев қаласы", "19"),
        ("Алматинская обл.", "19"),
        ("Астана қаласы, Алматы ауданы", "71"),
        ("город Астана, район Алматы", "71"),
        ("Қарағанды облысы, Абай ауданы", "35"),
        ("область Абай, г. Семей", "10"),
        ("Туркестанская область, Жетысайский район", "61"),
        ("СКО, г. Петропавловск", "59"),
        ("Батыс-Қазақстан облысы, Орал қ.", "27"),
        ("г. Караганда", "35"),
        ("Павладарская область", "55"),
        ("Лондон", ""),
        ("", ""),
    ],
)
def test_places_people_write(text, code):
    """The word beside «область» counts before a district or town that is named like another region."""
    assert region_code(text) == code


@pytest.mark.samples
def test_sample_regions_agree_with_their_code():
    """The region named on a sample form is the one of its KATO code."""
    assert all(region_code(truth["region"]) == truth["kato"][:2] for truth in truths())
