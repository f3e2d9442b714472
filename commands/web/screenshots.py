"""bin/web/screenshots: the README's pictures of the pages, taken by Debian's Chromium."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence

from commands.command import CommandError, Parser, command
from commands.target import ROOT
from commands.web.steps import run_step
from settings import process_environment

_SCRIPTS = ROOT / "tests" / "browser"
_PICTURES = ROOT / "docs" / "images"
_SEEDED_GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"  # Andrew's and Bayko's


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/web/screenshots",
        "Take the README's pictures, docs/images/*.png, of the pages of a ./bin/dev that runs.\n"
        "Needs Debian's chromium, Node 20 and npm on the PATH.",
        example="bin/web/screenshots --url http://127.0.0.1:4001",
    )
    parser.add_argument(
        "--url",
        default="http://127.0.0.1:4000",
        help="where the pages are (default: %(default)s)",
    )
    origin = parser.parse_args(argv).url
    found = {name: shutil.which(name) for name in ("chromium", "node", "npm")}
    if missing := [name for name, path in found.items() if path is None]:
        raise CommandError(f"{' and '.join(missing)} not found: install it, then try again")
    _PICTURES.mkdir(exist_ok=True)
    todo = {
        "chromium": found["chromium"],
        "origin": origin,
        "group": _SEEDED_GROUP,
        "folder": str(_PICTURES),
    }
    environment = process_environment()
    if not (_SCRIPTS / "node_modules").exists():
        run_step(
            "installing Playwright",
            [found["npm"] or "npm", "ci", "--ignore-scripts"],
            folder=_SCRIPTS,
            environment=environment,
            advice="Is the network up? It said:",
        )
    run_step(
        "taking the pictures",
        [found["node"] or "node", "screenshots.mjs", json.dumps(todo)],
        folder=_SCRIPTS,
        environment=environment,
        advice=f"Does ./bin/dev run at {origin}? It said:",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
