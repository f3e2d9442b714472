"""Proves that the model test has teeth: sabotages a copy of the code, and expects it to fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from commands.command import CommandError, Parser, command
from commands.output import add_json_argument, note, print_json, print_table
from settings import process_environment
from tests.model.mutation import DoesNotApply, Mutation, read_mutations

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules")
# The quickest first; without those that need the emulator.
_TESTS = ["restored_head", "regressions", "bus", "at_once", "any_call", "half_way", "model"]
_PYTEST = [
    *(sys.executable, "-m", "pytest", *(f"tests/model/test_{name}.py" for name in _TESTS)),
    *("--exitfirst", "-m", "not long", "--hypothesis-profile=unshrunk"),
    *("-p", "no:cacheprovider", "--tb=no", "-q", "-rfE"),
]
_FAILED = re.compile(r"^FAILED \S+::(.*?)(?: - .*)?$", re.MULTILINE)
_HANG = 900.0


@dataclass(frozen=True, slots=True)
class Run:
    """`test` is the first that failed, None if none did; `seconds` is how long that took."""

    name: str
    test: str | None
    seconds: float


def try_mutation(mutation: Mutation, tree: Path) -> Run:
    """Run the model test on `tree`, a copy of the code, with `mutation` in it.

    Raises DoesNotApply, or CommandError where the test could not be run.
    """
    undo = mutation.apply(tree)
    try:
        return run_test(mutation.name, tree)
    finally:
        undo()


def run_test(name: str, tree: Path) -> Run:
    """Run the model test on `tree` until its first failure; raises CommandError."""
    started = time.monotonic()
    environment = {**process_environment(), "PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"}
    outcome = subprocess.run(
        _PYTEST,
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_HANG,
        check=False,
    )
    failed = _FAILED.search(outcome.stdout)
    if outcome.returncode not in (0, 1) or (outcome.returncode == 1) != bool(failed):
        raise CommandError(f"pytest failed on {name}: {outcome.stdout[-2000:]}{outcome.stderr}")
    seconds = time.monotonic() - started
    note(f"{'killed in' if failed else 'alive after'} {seconds:5.1f} s: {name}")
    return Run(name, failed[1] if failed else None, seconds)


def try_all(mutations: Sequence[Mutation], jobs: int) -> list[Run]:
    """Try every mutation, `jobs` at a time, each in a copy of the tree of its own."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            tree = Path(folder, str(number))
            shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
            trees.put(tree)

        def in_some_tree(mutation: Mutation) -> Run:
            tree = trees.get()
            try:
                return try_mutation(mutation, tree)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(in_some_tree, mutations))


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "tests/model/mutants",
        "Sabotages a copy of the code, once for each mutation of tests/model/mutations/, and\n"
        "runs the model test on it, which must fail. Exits 1 if a mutant survives.",
        example="tests/model/mutants --only index --jobs 2",
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="those whose name has TEXT")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time (default: 1)")
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    chosen = [mutation for mutation in read_mutations() if arguments.only in mutation.name]
    if not chosen or arguments.jobs < 1:
        parser.error("no such mutation, or no job to do it")
    note(f"{len(chosen)} mutants, {arguments.jobs} at a time; each takes some seconds ...")
    try:
        runs = try_all(chosen, arguments.jobs)
    except DoesNotApply as error:
        raise CommandError(str(error)) from None
    if arguments.json:
        print_json([{"name": r.name, "test": r.test, "seconds": round(r.seconds, 1)} for r in runs])
    else:
        rows = [(run.name, run.test or "SURVIVED", f"{run.seconds:.1f}") for run in runs]
        print_table(["mutant", "killed by", "seconds"], rows)
    return 0 if all(run.test for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
