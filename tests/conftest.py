"""How properties are tried: the same examples in every run, and no clock; a run of the long tests looks for new ones.

Tests that ask other people's programs are marked here, by the fixtures that bring those programs: `make test-strangers` runs them.

An interrupt is heard here as by a program at a terminal, also where the tests were started in the background, which ignores it.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.verifier.asking import absent

NO_CLOCK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", NO_CLOCK, derandomize=True, database=None)
settings.register_profile("new", NO_CLOCK, print_blob=True)
settings.load_profile("same")
signal.signal(signal.SIGINT, signal.default_int_handler)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
STRANGERS = {"authority", "browser", "go", "node", "tools"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` chooses: a test whose fixtures bring somebody else's program asks a stranger."""
    for item in items:
        if STRANGERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.strangers)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A timestamp authority, which is OpenSSL's."""
    if shutil.which("openssl") is None:
        absent("no OpenSSL is installed")
    from tests.authority import Authority

    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium, for tests that look at a page."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        absent("no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()
