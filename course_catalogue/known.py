"""What a value may refer to: the network's languages and the ids of its schools, subjects, modules, levels and courses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Relation:
    """The ids that a reference may name, and their labels for guesses."""

    ids: Collection[str]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """Relations by name. A name that is absent is not known well enough to be held against a reference."""

    languages: tuple[str, ...] = ("fi", "sv", "en")
    relations: Mapping[str, Relation] = field(default_factory=dict)
