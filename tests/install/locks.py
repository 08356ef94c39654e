"""Reads the locks, and follows what each package in them asks for, as `pip install` would if it resolved."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
DIGEST = re.compile(r"--hash=sha256:[0-9a-f]{64}")

Environment = dict[str, str]


class Pin(NamedTuple):
    """One row of a lock: a package at one version, and the digests of its files."""

    asked: Requirement
    digests: int

    @property
    def name(self) -> str:
        return canonicalize_name(self.asked.name)

    @property
    def version(self) -> str:
        (only,) = self.asked.specifier
        assert only.operator == "==" and "*" not in only.version, f"{self.asked} is not pinned"
        return only.version

    def applies(self, environment: Environment) -> bool:
        return self.asked.marker is None or self.asked.marker.evaluate(environment)


def pins(text: str) -> list[Pin]:
    """The rows of a lock."""
    rows = [row for row in re.sub(r"\\\n\s*", "", text).splitlines() if row and not row.startswith("#")]
    return [Pin(Requirement(DIGEST.split(row)[0].strip()), len(DIGEST.findall(row))) for row in rows]


def asked_by_project(*extras: str) -> list[Requirement]:
    """What pyproject.toml and requirements/base.in ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = [*project["dependencies"], *(row for extra in extras for row in project["optional-dependencies"][extra])]
    base = (REQUIREMENTS / "base.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(row) for row in [*rows, *(row for row in base if row and not row.startswith("#"))]]


def machines() -> Iterator[Environment]:
    """The supported Pythons on Linux and on both kinds of Mac."""
    for python in ("3.11", "3.12", "3.13"):
        for platform, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("darwin", "x86_64")):
            changed = {"python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython"}
            changed |= {"sys_platform": platform, "platform_machine": machine, "os_name": "posix"}
            changed |= {"platform_system": platform.title(), "platform_python_implementation": "CPython", "extra": ""}
            yield {**default_environment(), **changed}


def unmet(lock: Iterable[Pin], asked: Iterable[Requirement], environment: Environment) -> set[tuple[str, str | None]]:
    """What is asked for, at any depth, and not pinned by the lock in a version that suits: the name, and the version that is
    pinned instead or None. A package that is not installed here (this machine does not need it) cannot be asked what it needs."""
    pinned = {pin.name: pin.version for pin in lock if pin.applies(environment)}
    wanting, seen, waiting = set(), set(), list(asked)
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras), str(requirement.specifier))
        if key in seen or (requirement.marker and not requirement.marker.evaluate(environment)):
            continue
        seen.add(key)
        version = pinned.get(key[0])
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            wanting.add((key[0], version))
        else:
            waiting += _asked_by_package(requirement, environment)
    return wanting


def _asked_by_package(requirement: Requirement, environment: Environment) -> Iterator[Requirement]:
    """What an installed package asks for with the extras that are wanted of it."""
    extras = ("", *requirement.extras)
    for marker, asked in _metadata(requirement.name):
        if marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in extras):
            yield asked


@cache
def _metadata(name: str) -> list[tuple[Marker | None, Requirement]]:
    """What an installed package asks for, each with its marker taken off; nothing of one that is not installed."""
    try:
        rows = [Requirement(row) for row in distribution(name).requires or []]
    except PackageNotFoundError:
        return []
    markers = [row.marker for row in rows]
    for row in rows:
        row.marker = None
    return list(zip(markers, rows, strict=True))
