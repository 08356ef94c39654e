"""One target under libFuzzer, guided by coverage: `python tests/fuzz/atheris_target.py TARGET [libFuzzer options]`.

It needs the package atheris, which the locks do not hold. What is learned is kept in build/fuzz/TARGET, which begins with the
examples; an input that breaks the target is written to build/fuzz/TARGET-crash-…. Half of all inputs come from mutation.py, half
from libFuzzer. Options: -max_total_time=300, -runs=10000, -timeout=10, or the name of a file to run just that.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
MAX_SEED = 2**32 - 1


def main(arguments: list[str]) -> str | None:
    """Run a target; what to say where it cannot be run. libFuzzer ends the process itself."""
    try:
        import atheris
    except ImportError:
        return "atheris is not installed, so nothing was run: `pip install atheris` into an environment of its own"
    with atheris.instrument_imports(include=["ledger", "tomllib"]):
        from tests.fuzz.examples import examples
        from tests.fuzz.known import is_known
        from tests.fuzz.mutation import mutated
        from tests.fuzz.targets import TARGETS, judged
    if not arguments or arguments[0] not in TARGETS:
        return f"name a target: {', '.join(TARGETS)}"
    name, *options = arguments
    seeds = examples(name)

    def one_input(raw: bytes) -> None:
        try:
            judged(name, raw)
        except Exception as error:
            if not is_known(name, error):
                raise

    def mutate(raw: bytes, max_size: int, seed: int) -> bytes:
        if seed & 1:
            return atheris.Mutate(raw, max_size)
        return mutated(raw, TARGETS[name].shape, Random(seed & MAX_SEED), seeds)[:max_size]

    corpus = _corpus(name, seeds)
    options = [f"-artifact_prefix={corpus}-", f"-max_len={4096 + 2 * max(map(len, seeds))}", *options]
    if not any(Path(option).is_file() for option in options):
        options.append(str(corpus))
    atheris.Setup([sys.argv[0], *options], one_input, custom_mutator=mutate)
    atheris.Fuzz()


def _corpus(name: str, seeds: tuple[bytes, ...]) -> Path:
    """The folder that a target learns in, with the examples in it."""
    folder = ROOT / "build" / "fuzz" / name
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
