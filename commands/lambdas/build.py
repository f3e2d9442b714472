"""bin/lambda/build: builds the zip that both Lambdas are deployed from."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from commands.command import Parser, command
from commands.lambdas.archive import CERTIFICATES, archive, hash_of
from commands.lambdas.wheels import PACKAGES, Target, fetch
from commands.output import note
from commands.target import ROOT

# What infra/template.yaml says of its functions.
DEPLOYED = Target(python="3.13", architecture="arm64")


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/lambda/build",
        "Build the zip that both Lambdas are deployed from, and print its path. The same checkout\n"
        "gives the same bytes, and the file's name ends with their hash.",
        example='aws s3 cp "$(bin/lambda/build)" s3://my-bucket/',
    )
    parser.add_argument(
        "--output-dir",
        type=Path,
        default=ROOT / "infra" / "dist",
        metavar="DIR",
        help="where to put it (default: infra/dist in the checkout)",
    )
    parser.add_argument(
        "--python",
        default=DEPLOYED.python,
        metavar="VERSION",
        help=f"the Python that will run it (default: {DEPLOYED.python}, as in infra/template.yaml)",
    )
    parser.add_argument(
        "--architecture",
        choices=("arm64", "x86_64"),
        default=DEPLOYED.architecture,
        help=f"the processor that will run it (default: {DEPLOYED.architecture}, as there)",
    )
    parser.add_argument(
        "--certificates",
        type=_readable,
        metavar="FILE",
        help="put these authorities (PEM) in, for URLs of Postgres that end with"
        f" ?sslmode=verify-full&sslrootcert=/var/task/{CERTIFICATES}",
    )
    arguments = parser.parse_args(argv)
    target = Target(arguments.python, arguments.architecture)
    print(build(arguments.output_dir, target, certificates=arguments.certificates))
    return 0


def _readable(path: str) -> bytes:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot read {path}: {error.strerror}") from None
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise argparse.ArgumentTypeError(f"{path} holds no certificate (PEM)")
    return content


def build(
    folder: Path, target: Target, *, root: Path = ROOT, certificates: bytes | None = None
) -> Path:
    """Write the zip of the checkout at `root` into `folder`; raises CommandError."""
    note(f"fetching {len(PACKAGES)} packages for Python {target.python}, {target.architecture} …")
    with tempfile.TemporaryDirectory() as downloads:
        wheels = fetch(root / "requirements" / "server.lock", target, Path(downloads))
        content = archive(root, wheels, certificates)
    path = folder / f"cruddur-lambdas-{hash_of(content)}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    note(f"{path.name}: {len(content) / 1e6:.1f} MB")
    return path


if __name__ == "__main__":
    sys.exit(main())
