"""Options of commands that read papers, and what they mean."""

from __future__ import annotations

import argparse

from layouts.model import RuleSet
from qagaz.arguments import Arguments
from qagaz.equipment import Equipment
from qagaz.knowledge import KnowledgeFiles
from qagaz.learned import in_use
from qagaz.limits import Limits
from validate.settings import Settings


def add_reading(arguments: Arguments) -> None:
    """What to read with, within which limits, and how sure to be."""
    limits = Limits()
    arguments.add("--db", metavar="URL", default="")
    arguments.path("--layouts", "FOLDER")
    arguments.number("--jobs", "N", 0)
    arguments.number("--memory", "MB", limits.megabytes)
    arguments.number("--timeout", "SECONDS", int(limits.base_seconds))
    arguments.rate("--max-error", "RATE", Settings().max_error)
    arguments.one_of("--rules", [each.value for each in RuleSet], Settings().rules)
    arguments.path("--previous", "FILE")
    arguments.path("--respondents", "FILE")
    arguments.path("--kato", "FILE")
    arguments.path("--models", "MODELS")


def equipment_of(parsed: argparse.Namespace) -> Equipment:
    """With what to read."""
    known = KnowledgeFiles(parsed.previous, parsed.respondents, parsed.kato)
    settings = Settings(max_error=parsed.max_error, rules=RuleSet(parsed.rules))
    return Equipment(parsed.layouts, settings, known, in_use(parsed.models) if parsed.models else None)


def limits_of(parsed: argparse.Namespace) -> Limits:
    """What one paper may take."""
    return Limits(megabytes=parsed.memory, base_seconds=float(parsed.timeout))
