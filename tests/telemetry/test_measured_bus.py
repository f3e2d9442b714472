"""What bells do is counted, and what a woken subscription does is traced."""

from __future__ import annotations

from telemetry.instruments import Counter
from telemetry.measures import Measures
from telemetry.seams.bus import MeasuredBus
from telemetry.spans import Kind, Span
from telemetry.tracing import RecordingTracer, Sampler
from tests.doubles.memory_bus import MemoryBus

ME, GROUP, OTHER_GROUP = "me", "group", "other group"
LONG = 30.0


class Bench:
    """A bus, what is measured of it, and the spans that have ended."""

    def __init__(self, *, silence: float | None = None) -> None:
        self.measures = Measures()
        self.spans: list[Span] = []
        self.tracer = RecordingTracer(Sampler(1.0, by_parent=True), self.spans.append)
        self.behind = MemoryBus(silence=silence)
        self.bus = MeasuredBus(self.behind, self.measures, self.tracer)

    def ring(self, *groups: str) -> None:
        (bell,) = self.behind.bells[ME]
        for seq, group in enumerate(groups, start=1):
            bell.ring(group, seq)

    def read(self) -> None:
        """What a subscription does with a store."""
        self.tracer.end(self.tracer.begin_part("Query", Kind.CLIENT, {}))


def values(counter: Counter) -> dict[tuple[str, ...], float]:
    return dict(counter.read())


async def test_rings_that_a_busy_subscription_did_not_hear_one_by_one_are_counted() -> None:
    bench = Bench()
    async with bench.bus.listen(ME) as bell:
        bench.ring(GROUP, GROUP, OTHER_GROUP, GROUP)
        assert (await bell.wait(LONG)).groups == {GROUP: 4, OTHER_GROUP: 3}
        bench.ring(GROUP)
        await bell.wait(LONG)
    assert values(bench.measures.merged_rings) == {(): 2}
    assert values(bench.measures.bell_wakes) == {("rung",): 2}


async def test_silence_is_told_from_rings() -> None:
    bench = Bench(silence=0.001)
    async with bench.bus.listen(ME) as bell:
        assert (await bell.wait(LONG)).missed
    assert values(bench.measures.bell_wakes) == {("unrung",): 1}


async def test_work_is_a_span_for_each_time_and_waiting_is_none() -> None:
    bench = Bench()
    async with bench.bus.listen(ME) as bell:
        bench.read()
        bench.ring(GROUP)
        await bell.wait(LONG)
        bench.read()
        bench.ring(OTHER_GROUP)
        await bell.wait(LONG)  # woken for nothing that is of interest
    assert [span.name for span in bench.spans] == ["Query", "subscription update"] * 2
    first, second = bench.spans[1::2]
    assert first.trace_id != second.trace_id
    assert first.ended <= second.started


async def test_the_end_ends_the_span() -> None:
    bench = Bench()
    async with bench.bus.listen(ME):
        bench.read()
    assert [span.name for span in bench.spans] == ["Query", "subscription update"]
    assert bench.tracer.trace_id() is None
