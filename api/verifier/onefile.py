"""The verifier as one HTML file: script and style are inside, and it works from a disk without a network.

    python -m api.verifier.onefile -o verify.html [--policy trust.policy --by "Who puts it in"]

The same sources give the same bytes. The modules of api/verifier are joined into one classic script, because a page opened from a
disk cannot load modules. The page's own policy (CSP) allows only that script and that style, by their hashes.
"""

from __future__ import annotations

import hashlib
import html
import re
from graphlib import TopologicalSorter
from pathlib import Path

import click

from ledger.canonical import to_base64
from ledger.errors import FormatError, GiveTrailError
from ledger.log.policy import Policy

SOURCES = Path(__file__).parent
ENTRY = "page"
IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./([a-z0-9]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:const|function\*?|class) (\w+)", re.MULTILINE)
OTHER_MODULE_WORDS = re.compile(r"^\s*(?:import|export)\b|\bimport\(|\bimport\.meta\b", re.MULTILINE)
ENDS_A_SCRIPT = re.compile(r"</script|<!--", re.IGNORECASE)


def source(name: str) -> str:
    """The text of a file of the verifier."""
    return (SOURCES / name).read_text(encoding="utf-8")


def script(entry: str = ENTRY) -> str:
    """A module and everything that it imports as one classic script. Raises ValueError if they cannot be joined."""
    todo, needs = [entry], dict[str, set[str]]()
    while todo:
        name = todo.pop()
        if name not in needs:
            needs[name] = {module for _, module in IMPORT.findall(source(f"{name}.js"))}
            todo += needs[name]
    # Modules that are ready at the same time are taken by name, so that the order is always the same.
    order, ready = TopologicalSorter(needs), list[str]()
    order.prepare()
    while order.is_active():
        step = sorted(order.get_ready())
        ready += step
        order.done(*step)
    joined = '"use strict";\n(() => {\n' + "".join(map(module, ready)) + "})();\n"
    if ENDS_A_SCRIPT.search(joined):
        raise ValueError("script: contains text that would end the script in a page; write it in two parts")
    return joined


def module(name: str) -> str:
    """A module as a constant that holds its exports. Raises ValueError for an import or export of an unsupported form."""
    text = source(f"{name}.js")
    exports = EXPORT.findall(text)
    body = EXPORT.sub(lambda found: found[0].removeprefix("export "), IMPORT.sub(r"const { \1 } = $\2;\n", text))
    if OTHER_MODULE_WORDS.search(body):
        raise ValueError(f"{name}.js: has an import or export that is not on one line and by name")
    return f"const ${name} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def page(policy: str = "", by: str = "") -> str:
    """The page. `policy` is the text of the policy that it contains from the start; `by` says who put it there.

    Raises FormatError if the policy cannot be read, or `by` is missing.
    """
    if policy:
        Policy.parse(policy.encode())
    if bool(policy) != bool(by.strip()):
        raise FormatError("policy: readers must know who built it in; give --policy and --by together", rule="policy", where="by")
    style, code = source("page.css"), script()
    csp = f"default-src 'none'; script-src '{digest(code)}'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'"
    parts = {"csp": csp, "style": style, "script": code, "policy": html.escape(policy), "by": html.escape(by.strip())}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], source("page.html"))


def digest(text: str) -> str:
    """An inline script or style as Content-Security-Policy refers to it."""
    return f"sha256-{to_base64(hashlib.sha256(text.encode()).digest())}"


@click.command()
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A trust policy to build in.")
@click.option("--by", default="", help="Who builds the policy in, as the page says it.")
def command(output: Path, policy: Path | None, by: str) -> None:
    """Write the verifier as one HTML file, and print its SHA-256."""
    try:
        text = policy.read_bytes().decode() if policy else ""
        raw = page(text, by).encode()
    except (GiveTrailError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    output.write_bytes(raw)
    click.echo(f"{hashlib.sha256(raw).hexdigest()}  {output}")


if __name__ == "__main__":
    command()
