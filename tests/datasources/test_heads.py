"""What a process remembers of heads."""

from __future__ import annotations

from datasources.heads import RememberedHeads
from tests.doubles.people import GROUP, OTHER_GROUP, group

THIRD = "3c0ffee0-0000-4000-8000-000000000003"


def test_the_last_known_head_is_recalled() -> None:
    heads = RememberedHeads()
    assert heads.recall(GROUP) is None
    heads.remember(group(1))
    heads.remember(group(2))
    assert heads.recall(GROUP) == group(2)


def test_a_forgotten_head_has_to_be_read() -> None:
    heads = RememberedHeads()
    heads.remember(group(1))
    heads.forget(GROUP)
    heads.forget(GROUP)
    assert heads.recall(GROUP) is None


def test_the_one_that_was_not_used_for_longest_makes_room() -> None:
    heads = RememberedHeads(capacity=2)
    heads.remember(group(1))
    heads.remember(group(1, uuid=OTHER_GROUP))
    heads.recall(GROUP)
    heads.remember(group(1, uuid=THIRD))
    assert heads.recall(OTHER_GROUP) is None
    assert heads.recall(GROUP) is not None
    assert heads.recall(THIRD) is not None


def test_to_remember_again_takes_no_room() -> None:
    heads = RememberedHeads(capacity=2)
    heads.remember(group(1, uuid=OTHER_GROUP))
    for seq in range(5):
        heads.remember(group(seq))
    assert heads.recall(OTHER_GROUP) is not None
