"""bin/dev: serves the API on this machine, on stores of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from local import data_directory
from local.development import Development
from local.errors import LauncherError, PortTaken
from local.ports import is_free


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        _check(arguments.port)
        Development(
            arguments.data_dir,
            port=arguments.port,
            reset=arguments.reset,
            seed=not arguments.no_seed,
        ).run()
    except LauncherError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/dev",
        description="Serve the API on this machine, with Postgres and an AWS emulator of its own."
        "\nThe first start fills them with people and conversations to try things out with.",
        epilog="example: bin/dev --port 4001 --data-dir /tmp/second",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--port", type=_port, default=4000, help="where the server listens (default: 4000)"
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=data_directory.DEFAULT,
        metavar="DIR",
        help="where everything is kept (default: .data in the checkout)",
    )
    parser.add_argument(
        "--reset", action="store_true", help="forget everything that was stored there before"
    )
    parser.add_argument("--no-seed", action="store_true", help="add no people and no conversations")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 65535")
    return int(text)


def _check(port: int) -> None:
    """Raises PortTaken: better now than after half a minute."""
    try:
        free = is_free(port)
    except PermissionError:
        raise PortTaken(f"port {port} is reserved for root: choose one from 1024 up") from None
    if not free:
        raise PortTaken(
            f"port {port} is taken by another program (another ./bin/dev?): stop that one, or "
            f"choose another port, such as ./bin/dev --port {port % 65_535 + 1}"
        )


if __name__ == "__main__":
    sys.exit(main())
