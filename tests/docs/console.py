"""Reads the console blocks of a page: commands, each with the output below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What differs from run to run, each with the word that stands for it when outputs are compared.
VARIES = (
    (re.compile(r"[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}"), "<log key>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b2[0-9]{3}-[0-9]{2}-[0-9]{2}(?![0-9])"), "<day>"),
    (re.compile(r"[A-Za-z0-9+/]{43}="), "<key>"),
    (re.compile(r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"), "T<time>Z"),
    (re.compile(r"\bkey hope/2[0-9]{3}\b"), "key hope/<year>"),
    (re.compile(r"\b[0-9]+ bytes\b"), "<number> bytes"),
)


class Step(NamedTuple):
    """A command, and what the page says it prints."""

    command: str
    output: str


def steps(page: str) -> Iterator[Step]:
    """The commands of the page's console blocks; one that ends in a backslash goes on in the next line."""
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = re.sub(r"\\\n\s*", "", part).partition("\n")
            yield Step(command, output)


def alike(output: str) -> str:
    """An output with what varies replaced."""
    for varying, word in VARIES:
        output = varying.sub(word, output)
    return output.rstrip("\n")
