"""What every script has in common: its arguments' parser, its errors, its exit code.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable
from typing import NoReturn, ParamSpec

from datasources.explanations import explanation
from settings import SettingsError

_P = ParamSpec("_P")


class CommandError(Exception):
    """An expected failure; its text, one line, says what to do next."""

    exit_code = 1


class UsageError(CommandError):
    """The arguments do not do."""

    exit_code = 2


class Parser(argparse.ArgumentParser):
    """An ArgumentParser with an example in its help, errors of one line, and no abbreviations.

    (`--pro` must not be `--prod`.)
    """

    def __init__(self, prog: str, description: str, *, example: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"example: {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message} (see {self.prog} --help)\n")


def command(main: Callable[_P, int]) -> Callable[_P, int]:
    """Turn the expected failures of `main` into one line on stderr and an exit code."""

    @functools.wraps(main)
    def guarded(*arguments: _P.args, **options: _P.kwargs) -> int:
        try:
            code = main(*arguments, **options)
            sys.stdout.flush()
        except CommandError as error:
            return _fail(str(error), error.exit_code)
        except SettingsError as error:
            return _fail(str(error), 1)
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:
            # The reader (`| head`) has seen enough. Python would flush into the pipe once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except Exception as error:
            text = explanation(error)
            if text is None:
                raise
            return _fail(text, 1)
        return code

    return guarded


def _fail(text: str, code: int) -> int:
    print(f"error: {text}", file=sys.stderr)
    return code
