"""The list of respondents: which numbers there are, and whose name is whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from layouts.model import Layout
from postprocess.regions import folded
from validate.checks import IDENTIFIERS, check_finding, outcome_of, with_check
from validate.records import CheckedField, Finding

NAME = "name"  # id of the field that names the respondent
SAME_NAME = 92.0  # rapidfuzz points, words in any order: two letters of twenty-five may be misread
OTHER_NAME = 75.0  # below it a name is another one, however it is worded or read
LEAST_LETTERS = 4  # of a name's own words; shorter ones are like too many others
# Forms of enterprise in both languages, folded: words that many names share.
_FORMS = frozenset(
    folded(
        "тоо жшс ао ақ ип жк ргп ргкп кгп мкк рмк пхв шжқ на құқығындағы филиал филиалы товарищество с ограниченной "
        "ответственностью жауапкершілігі шектеулі серіктестігі акционерное общество акционерлік қоғамы "
        "индивидуальный предприниматель жеке кәсіпкер"
    ).split()
)


@dataclass(frozen=True)
class Register:
    """Names by BIN or IIN. Registered addresses are not kept: where services are rendered, only the form says."""

    names: Mapping[str, str]

    def named(self, name: str) -> tuple[str, ...]:
        """The numbers whose names say the same as this one."""
        key = name_key(name)
        if sum(map(len, key.split())) < LEAST_LETTERS:
            return ()
        near = process.extract(
            key, self._keys, scorer=fuzz.token_sort_ratio, processor=None, score_cutoff=SAME_NAME, limit=None
        )
        return tuple(number for _key, _score, number in near)

    def is_named(self, number: str, name: str) -> bool:
        """Whether the name may be that of the number; also where too little is known to tell."""
        key, known = name_key(name), self._keys.get(number, "")
        return not key or not known or fuzz.token_set_ratio(key, known) >= OTHER_NAME

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {number: name_key(name) for number, name in self.names.items()}


def name_key(name: str) -> str:
    """The words of a name without its form of enterprise, in one alphabet of shapes.

    >>> name_key("ТОО «Сарыарқа Софт»") == name_key('"Сарыарка Софт" ЖШС')
    True
    """
    words = folded(name).split()
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


def check_respondent(layout: Layout, fields: Sequence[CheckedField], register: Register) -> Iterator[Finding]:
    """A number that is not on the list, and a name that belongs to another number."""
    name = next((f.field.value for f in fields if f.field.field == NAME and not f.field.line), "")
    for found in (f for check in IDENTIFIERS for f in with_check(layout, fields, check)):
        number = found.field.value
        if not number:
            continue
        told = {"field": found.field.field, "value": number, "name": name}
        owners = register.named(name) if name else ()
        if number not in register.names:
            proposed = owners[0] if len(owners) == 1 else ""
            message = "respondent-unknown-named" if proposed else "respondent-unknown"
            yield check_finding("respondent-unknown", outcome_of(found), message=message, told=told, proposed=proposed)
        elif owners and number not in owners and not register.is_named(number, name):
            own, others = register.names[number], " / ".join(owners[:3])
            yield check_finding("name-of-another", outcome_of(found), told=told, own=own, proposed=others)
