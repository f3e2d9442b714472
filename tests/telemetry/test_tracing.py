"""Which spans are made, and of which trace they are."""

from __future__ import annotations

import asyncio

import pytest

from telemetry.spans import Kind, RemoteParent, Span, read_traceparent
from telemetry.tracing import RecordingTracer, Sampler

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-1",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f" 00-{TRACE}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01\n",
        "00-" + "x" * 100_000,
    ],
)
def test_a_malformed_traceparent_is_as_good_as_none(header: str) -> None:
    """https://www.w3.org/TR/trace-context/#traceparent-header"""
    assert read_traceparent(header) is None


@pytest.mark.parametrize(
    ("header", "sampled"),
    [
        (f"00-{TRACE}-{PARENT}-01", True),
        (f"00-{TRACE}-{PARENT}-00", False),
        (f"00-{TRACE}-{PARENT}-03", True),
        (f"cc-{TRACE}-{PARENT}-01-what-will-be", True),
    ],
)
def test_a_traceparent_is_read(header: str, sampled: bool) -> None:
    assert read_traceparent(header) == RemoteParent(int(TRACE, 16), int(PARENT, 16), sampled)


@pytest.mark.parametrize("parent", [None, True, False])
@pytest.mark.parametrize("by_parent", [True, False])
@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_who_decides_what_is_kept(ratio: float, by_parent: bool, parent: bool | None) -> None:
    remote = None if parent is None else RemoteParent(1, 2, parent)
    decision = ratio == 1 if parent is None or not by_parent else parent
    assert Sampler(ratio, by_parent).keeps((1 << 128) - 1, remote) is decision


def test_every_process_keeps_the_same_traces() -> None:
    sampler = Sampler(0.25, by_parent=False)
    assert sampler.keeps(0x3FFF_FFFF_FFFF_FFFF, None)
    assert not sampler.keeps(0x4000_0000_0000_0000, None)


def recording(ratio: float = 1.0) -> tuple[RecordingTracer, list[Span]]:
    spans: list[Span] = []
    return RecordingTracer(Sampler(ratio, by_parent=True), spans.append), spans


async def test_tasks_at_once_have_their_own_places_in_the_trace() -> None:
    tracer, spans = recording()
    root = tracer.begin("root", Kind.SERVER)

    async def part(name: str) -> None:
        outer = tracer.begin(name, Kind.INTERNAL)
        await asyncio.sleep(0)
        inner = tracer.begin_part(f"in {name}", Kind.CLIENT, {})
        await asyncio.sleep(0)
        tracer.end(inner)
        tracer.end(outer)

    await asyncio.gather(part("a"), part("b"))
    tracer.end(root)
    by_name = {span.name: span for span in spans}
    assert by_name["in a"].parent_id == by_name["a"].span_id
    assert by_name["in b"].parent_id == by_name["b"].span_id
    assert by_name["a"].parent_id == by_name["b"].parent_id == by_name["root"].span_id
    assert len({span.trace_id for span in spans}) == 1


async def test_what_outlives_its_span_begins_a_trace_of_its_own() -> None:
    tracer, spans = recording()
    root = tracer.begin("root", Kind.SERVER)
    ended = asyncio.Event()

    async def later() -> None:
        await ended.wait()
        assert tracer.begin_part("part", Kind.CLIENT, {}) is None
        tracer.end(tracer.begin("later", Kind.INTERNAL))

    task = asyncio.create_task(later())
    tracer.end(root)
    ended.set()
    await task
    first, second = spans
    assert first.trace_id != second.trace_id
    assert second.parent_id == 0


async def test_nothing_is_made_for_what_nobody_asked_for_or_keeps() -> None:
    tracer, spans = recording(ratio=0)
    assert tracer.begin_part("alone", Kind.CLIENT, {}) is None
    root = tracer.begin("root", Kind.SERVER)
    assert tracer.begin("operation", Kind.INTERNAL) is None
    assert tracer.begin_part("call", Kind.CLIENT, {}) is None
    tracer.end(root)
    assert spans == []
