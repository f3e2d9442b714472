"""A signal that comes while a child is being born asks its parent to end all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from local.data_directory import ROOT

HANG_GUARD = 60  # seconds
BIRTHS = {
    "a program": "Program(name='', command=['true'], environment={}, log=Path(os.devnull)).spawn()",
    "a load generator": "load(port=1, asked=[], seconds=1)",
}
# What is raised in a hook of a fork is ignored: that is where this signal comes.
CODE = """
import os, signal, sys
from pathlib import Path
from bench.run import load
from bench.world import interrupt
from local.process import Program

def ask():
    if asked:
        signal.raise_signal(asked.pop())

asked = [{number}]
handlers = [signal.signal(15, interrupt), signal.getsignal(2)]
os.register_at_fork(after_in_parent=ask)
try:
    {birth}
except KeyboardInterrupt:
    assert not asked
    assert [signal.getsignal(15), signal.getsignal(2)] == [interrupt, handlers[1]]
    sys.exit(3)
"""


@pytest.mark.parametrize("birth", BIRTHS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_heard_of(birth: str, number: signal.Signals) -> None:
    code = CODE.format(birth=BIRTHS[birth], number=int(number))
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=HANG_GUARD,
        check=False,
    )
    assert result.returncode == 3, result.stderr
