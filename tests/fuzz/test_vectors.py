"""What fuzzing found: every file of tests/vectors/fuzz goes through the target that its name begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.known import KNOWN, is_known
from tests.fuzz.targets import TARGETS, judged
from tests.fuzz.test_parsers import ending

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "fuzz"
FILES = sorted(path.name for path in FOLDER.iterdir())


def target_of(file: str) -> str:
    """The longest name of a target that the file's name begins with."""
    return max((name for name in TARGETS if file.startswith(f"{name}-")), key=len, default="")


def marked(file: str) -> object:
    known = KNOWN.get(file)
    reason = known.fault if known else ""
    return pytest.param(file, marks=pytest.mark.xfail(strict=True, raises=known.raises, reason=reason)) if known else file


@pytest.mark.parametrize("file", [marked(file) for file in FILES])
def test_what_was_found_does_no_harm_any_more(file: str):
    with ending():
        judged(target_of(file), (FOLDER / file).read_bytes())


def test_every_file_names_its_target_and_every_known_bug_its_file():
    assert all(target_of(file) for file in FILES)
    assert set(KNOWN) <= set(FILES)


@pytest.mark.parametrize("file", KNOWN)
def test_a_known_bug_is_passed_over_and_no_other(file: str):
    known = KNOWN[file]
    other = "tile" if "tile" not in known.targets else "note"
    try:
        judged(target_of(file), (FOLDER / file).read_bytes())
    except Exception as error:
        assert is_known(known.targets[0], error) and not is_known(other, error)
        assert not is_known(known.targets[0], KeyError(str(error)).with_traceback(error.__traceback__))
