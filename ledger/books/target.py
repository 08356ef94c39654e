"""What a project or an activity wants to reach, in numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from .field import Count, Day, Name, Part, Slug, each_once


class Target(Part):
    """A number to reach by a day. Feedback with the same indicator says how far it is."""

    indicator: Slug = Field(description="A short id for what is measured, such as meals-served, as feedback gives it.")
    target: Count = Field(description="The number to reach; below the baseline if it is to fall.")
    measured_in: Name = Field(description="What the number counts, as feedback gives it, such as meals served.")
    by: Day = Field(description="The day by which it is to be reached.")
    baseline: Count | None = Field(None, description="The number at the beginning, if it was measured.")


def _each_indicator_once(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """no indicator twice"""
    each_once([one.indicator for one in targets], "indicator")
    return targets


Targets = Annotated[tuple[Target, ...], Field(max_length=16), AfterValidator(_each_indicator_once)]
TARGETS = "The numbers to reach, one for each indicator."
