"""The parts of screens that custom fields are defined for. Knows one line of text a pod; not what a custom field is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pod:
    """A part of a screen: its number in definitions, its text in values, and the models whose records show it."""

    number: int
    text: str
    description: str
    screen: str
    screen_description: str
    models: tuple[str, ...]


def parse_pod(line: str) -> Pod:
    """Read one line of `data/pods.tsv`."""
    number, text, description, screen, screen_description, models, _ = line.split("\t")
    return Pod(int(number), text, description, screen, screen_description, tuple(models.split()))
