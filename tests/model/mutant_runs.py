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
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from commands.command import CommandError, Parser, command
from commands.output import add_json_argument, note, print_json, print_table
from settings import process_environment
from tests.model.mutation import DoesNotApply, Mutation, read_mutations

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules")
_PYTEST = [
    *(sys.executable, "-m", "pytest", "-m", "not long and not exploring", "--exitfirst"),
    *("-p", "tests.model.unshrunk", "--hypothesis-profile=unshrunk"),
    *("-p", "no:cacheprovider", "--tb=no", "-q", "-rfE"),
]
_FAILED = re.compile(r"^FAILED (\S+::.*?)(?: - (.*))?$", re.MULTILINE)
_HANG = 900.0


@dataclass(frozen=True, slots=True)
class Run:
    """`test` is the first that failed and `why` what it said, None if none did.

    `seconds` is how long that took.
    """

    name: str
    test: str | None
    why: str | None
    seconds: float


def run_tests(name: str, tests: Sequence[str], tree: Path) -> Run:
    """Run `tests` on `tree`, a copy of the code, until the first failure; raises CommandError."""
    started = time.monotonic()
    environment = {**process_environment(), "PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"}
    environment["COLUMNS"] = "300"  # pytest would cut off what a failure says
    outcome = subprocess.run(
        [*_PYTEST, *tests],
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
    test, why = (failed[1], failed[2]) if failed else (None, None)
    return Run(name, test, why, time.monotonic() - started)


def try_all(mutations: Sequence[Mutation], jobs: int, by: str | None = None) -> list[Run]:
    """Try every mutation, `jobs` at a time, each in a copy of the tree of its own.

    Each must fail its own test, or `by`. Raises DoesNotApply; CommandError where a test cannot be
    run, or fails on the code as it is.
    """
    tests = sorted({by or mutation.test for mutation in mutations})
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            tree = Path(folder, str(number))
            shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
            trees.put(tree)

        healthy = run_tests("the code as it is", tests, Path(folder, "0"))
        if healthy.test:
            raise CommandError(f"the code as it is fails {healthy.test}: mend that first")
        note(f"{healthy.seconds:5.1f} s  alive, as it should be: {healthy.name}")

        def in_some_tree(mutation: Mutation) -> Run:
            tree = trees.get()
            undo = mutation.apply(tree)
            try:
                run = run_tests(mutation.name, [by or mutation.test], tree)
            finally:
                undo()
                trees.put(tree)
            note(f"{run.seconds:5.1f} s  {'killed' if run.test else 'SURVIVED'}: {run.name}")
            return run

        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(in_some_tree, mutations))


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "tests/model/mutants",
        "Sabotages a copy of the code, once for each mutation of tests/model/mutations/, and\n"
        "runs the test on it that is meant to notice. Exits 1 if a mutant survives.",
        example="tests/model/mutants --only index --jobs 2",
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="those whose name has TEXT")
    parser.add_argument("--by", metavar="TEST", help="let this test notice, not each one's own")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time (default: 1)")
    add_json_argument(parser)
    arguments = parser.parse_args(argv)
    chosen = [mutation for mutation in read_mutations() if arguments.only in mutation.name]
    if not chosen or arguments.jobs < 1:
        parser.error("no such mutation, or no job to do it")
    note(f"{len(chosen)} mutants, {arguments.jobs} at a time; each takes some seconds ...")
    try:
        runs = try_all(chosen, arguments.jobs, arguments.by)
    except DoesNotApply as error:
        raise CommandError(str(error)) from None
    if arguments.json:
        print_json([asdict(run) for run in runs])
    else:
        rows = [
            (r.name, (r.test or "SURVIVED").removeprefix("tests/model/"), r.why, f"{r.seconds:.1f}")
            for r in runs
        ]
        print_table(["mutant", "killed by", "which says", "seconds"], rows)
    return 0 if all(run.test for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
