"""A log is followed from where it stood, in whole lines."""

from __future__ import annotations

from pathlib import Path

from local.log_tail import LogTail


def test_it_gives_what_was_added_since_the_last_look(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("before\n")
    tail = LogTail(log)
    assert tail.read() == ""
    with log.open("a") as file:
        file.write("one\ntw")
    assert tail.read() == "one\n"
    with log.open("a") as file:
        file.write("o\n")
    assert tail.read() == "two\n"


def test_a_log_that_begins_afresh_is_read_from_its_start(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("a long line of before\n")
    tail = LogTail(log)
    log.write_text("new\n")
    assert tail.read() == "new\n"


def test_a_log_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    tail = LogTail(tmp_path / "x.log")
    assert tail.read() == ""
    (tmp_path / "x.log").write_text("first\n")
    assert tail.read() == "first\n"
