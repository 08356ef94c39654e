"""The blocks of docs/how-to/verify-by-hand.md as a script, run with the tools that the page names and no other."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/verify-by-hand.md").read_text(encoding="utf-8")
GOLDEN = ROOT / "tests/vectors/golden"
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
BLOCKS = [match.groups(default="") for match in BLOCK.finditer(PAGE)]
TOOLS = ("openssl", "jq", "sha256sum", "base64", "basenc", "od", "tr", "cut", "head", "tail", "cat", "wc", "mktemp", "rm")

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


def missing_tools() -> str:
    """Why the page cannot be run here; "" where it can."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"needs {', '.join(missing)}"
    name, version, *_ = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.split()
    return "" if name == "OpenSSL" and int(version.partition(".")[0]) >= 3 else f"needs OpenSSL 3, not {name} {version}"


def run_blocks(folder: Path, tools: Path, shell: str, between: str) -> Done:
    """What a shell says to all blocks, with `between` after each, in a folder with gift.json and trust.policy."""
    script = between.join(block for block, _ in BLOCKS) + between
    environment = {"PATH": str(tools), "TMPDIR": str(folder)}
    command = [str(shutil.which(shell)), "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def refused(done: Done, words: str) -> None:
    assert done.returncode == 1, done
    assert re.search(rf"^FAILED: .*{words}", done.stderr, re.MULTILINE), done.stderr


def passed(done: Done) -> None:
    assert done.returncode == 0 and not done.stderr, done.stderr


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()
