"""Random uuids: of version 4, all their other bits at random."""

from __future__ import annotations

import uuid

from domain.uuids import random_uuid


def test_each_is_a_new_one_of_version_4() -> None:
    texts = [random_uuid() for _ in range(1_000)]
    assert len(set(texts)) == 1_000
    for text in texts:
        read = uuid.UUID(text)
        assert (read.version, read.variant, str(read)) == (4, uuid.RFC_4122, text)


def test_every_bit_that_may_be_either_is_both() -> None:
    numbers = [uuid.UUID(random_uuid()).int for _ in range(1_000)]
    ever, always = 0, (1 << 128) - 1
    for number in numbers:
        ever |= number
        always &= number
    fixed = uuid.UUID("00000000-0000-f000-c000-000000000000").int
    assert ever & ~fixed == always ^ ever == ((1 << 128) - 1) & ~fixed
