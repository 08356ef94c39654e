"""The one place where cases are judged: as `givetrail verify` would, by whatever program, from whatever source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.verify import verify
from ledger.bundle.verification import verify_bundle
from ledger.errors import GiveTrailError
from ledger.log.checkpoint import Checkpoint, checkpoint_in
from ledger.log.policy import Policy
from ledger.log_files.source import FolderSource, Source
from ledger.network.log_server import UrlSource
from tests.golden.forge import lay_out
from tests.log_files.tileserver import PATIENT, serving

from .case import REFUSED, Artefacts, Found

Open = Callable[[Path], AbstractContextManager[Source]]


@contextmanager
def in_folder(place: Path) -> Iterator[Source]:
    """The folder itself."""
    with closing(FolderSource(place)) as source:
        yield source


@contextmanager
def over_http(place: Path) -> Iterator[Source]:
    """The folder, as a server of tiles hands it out."""
    with serving(place) as server, closing(UrlSource(server.url, patience=PATIENT)) as source:
        yield source


# Ways to look at the same thing, which have to come to the same answer: arguments of `audit`.
WAYS: dict[str, dict[str, Any]] = {"folder": {}, "jobs": {"jobs": 2}, "url": {"open_log": over_http}}


class Answer(NamedTuple):
    """The verdict, its exit code, and every finding with its class. Where the bytes were refused the verdict is `refused`, and the
    rule stands in the finding's place."""

    verdict: str
    exit_code: int
    found: dict[Found, str]


def audit(artefacts: Artefacts, place: Path, open_log: Open = in_folder, **how: Any) -> Answer:
    """What an auditor says who was handed this. Files are laid out below `place`, and `open_log` reads them from there (a folder; a
    server of that folder); `how` goes to `verify`."""
    try:
        policy = Policy.parse(artefacts.policy) if artefacts.policy else None
        if artefacts.files is None:
            report = verify_bundle(artefacts.bundle, policy)
        else:
            report = _audit_log(artefacts, policy, place, open_log, how)
    except GiveTrailError as error:
        return Answer(REFUSED, error.exit_code, {(error.rule, -1, -1): REFUSED})
    return Answer(report.verdict, report.exit_code, {(one.rule, one.entry, one.record): one.kind for one in report.findings})


def _head(policy: Policy, note: bytes) -> Checkpoint:
    """A checkpoint that was kept: signed as the policy asks, or of a log that the policy does not name."""
    checkpoint = checkpoint_in(note)
    return policy.check(note) if any(log.vkey.name == checkpoint.origin for log in policy.logs) else checkpoint


def _audit_log(artefacts: Artefacts, policy: Policy | None, place: Path, open_log: Open, how: dict[str, Any]) -> Any:
    lay_out(place, artefacts.files)
    earlier = [(name, _head(policy, note), note) for name, note in artefacts.earlier] if policy else []
    with open_log(place) as source:
        return verify(source, policy, as_of=artefacts.as_of, earlier=earlier, **how)
