"""Frames of a client, however they are cut: what is read, and that nothing is kept in between."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from websockets.protocol import Protocol

from tests.sockets.wire import BINARY, CONTINUATION, PING, PONG, frame
from transport.frames import Frames, Pong

MAX_BYTES = 200_000


def frame_of(payload: bytes, opcode: int = 1, *, fin: bool = True) -> bytes:
    if len(payload) < 65_536:
        return frame(payload, opcode, fin=fin)
    head = bytes(((0x80 if fin else 0) | opcode, 0xFF))
    return head + len(payload).to_bytes(8) + bytes(4) + payload


def halves(payload: bytes) -> bytes:
    cut = len(payload) // 2
    return frame_of(payload[:cut], fin=False) + frame_of(payload[cut:], CONTINUATION)


TEXTS = st.one_of(st.text(max_size=130), st.integers(120, 70_000).map(lambda size: "x" * size))
MESSAGES: st.SearchStrategy[tuple[list[str | None], bytes]] = st.one_of(
    TEXTS.map(lambda text: ([text], frame_of(text.encode()))),
    TEXTS.map(lambda text: ([text], halves(text.encode()))),
    st.just(([None], frame_of(b"binary", BINARY))),
    st.binary(max_size=125).map(lambda payload: ([], frame_of(payload, PING))),
    st.just((["pong"], frame_of(b"", PONG))),
)


@given(st.lists(MESSAGES, max_size=6), st.lists(st.integers(1, 40_000), min_size=1, max_size=9))
def test_whatever_is_cut_anywhere_is_read_whole(
    messages: Sequence[tuple[list[str | None], bytes]], cuts: Sequence[int]
) -> None:
    frames, rest = Frames(MAX_BYTES), b"".join(data for _, data in messages)
    heard: list[str | None] = []
    while rest:
        for cut in cuts:
            part, rest = rest[:cut], rest[cut:]
            for each in frames.read(part):
                heard.append("pong" if isinstance(each, Pong) else each)
            frames.answer()
    assert heard == [text for texts, _ in messages for text in texts]
    assert frames.close_code is None


def test_fragments_without_anything_in_them_cost_nothing() -> None:
    frames = Frames(MAX_BYTES)
    list(frames.read(frame(b"", fin=False)))
    empty = frame(b"", CONTINUATION, fin=False) * 1_000
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(10):
        assert list(frames.read(empty)) == []
        frames.answer()
    gc.collect()
    assert len(gc.get_objects()) - before < 100
    assert list(frames.read(frame(b"the end", CONTINUATION))) == ["the end"]


def test_between_messages_there_is_no_parser() -> None:
    frames = Frames(MAX_BYTES)
    for data in (frame(b"a text"), halves(b"another"), frame(b"", PONG), frame(b"beat", PING)):
        list(frames.read(data))
        frames.answer()
        assert not [each for each in gc.get_referents(frames) if isinstance(each, Protocol)]
