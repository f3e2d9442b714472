"""Measures the update bus on one broker: rings a second, their latency, CPU for each.

    ./bin/python -m bench.bus --url redis://:password@127.0.0.1:6379 --listeners 4

It rings invented people only, on channels that nobody else listens to. The CPU of the broker is
that of the process --broker-pid and its children, on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import NamedTuple
from uuid import uuid4

from bench.processes import cpu_seconds
from datasources.broker_bus import BrokerBus, BrokerPublisher
from datasources.brokers import line_to
from domain.records import Ring

_PATIENCE = 30.0  # seconds for what is under way to arrive
_MEMBERS = 2  # rings of one call, as for a conversation


class Heard(NamedTuple):
    """What one process heard; times in seconds."""

    latencies: list[float]
    interruptions: int
    cpu: float


async def _listen(url: str, people: Sequence[str], line: Connection) -> None:
    bus = BrokerBus(line_to(url))
    running = asyncio.create_task(bus.run())
    latencies: list[float] = []
    interruptions = 0
    entered = asyncio.Semaphore(0)

    async def follow(person: str) -> None:
        nonlocal interruptions
        async with bus.listen(person) as bell:
            entered.release()
            while True:
                news = await bell.wait(_PATIENCE * 10)
                now = time.monotonic_ns()
                latencies.extend((now - sent) / 1e9 for sent in news.groups.values())
                interruptions += news.missed

    following = [asyncio.create_task(follow(person)) for person in people]
    for _ in people:
        await entered.acquire()
    interruptions = 0  # all were, as the bus connected
    before = time.process_time()
    line.send(None)  # ready
    while True:
        question = await asyncio.to_thread(line.recv)
        if question == "how many?":
            line.send(len(latencies))
        else:
            break
    line.send(Heard(latencies, interruptions, time.process_time() - before))
    for task in (*following, running):
        task.cancel()
    await asyncio.gather(*following, running, return_exceptions=True)


def _process(url: str, people: Sequence[str], line: Connection) -> None:
    asyncio.run(_listen(url, people, line))


async def _ring(url: str, people: Sequence[str], arguments: argparse.Namespace) -> list[float]:
    """Ring for so many seconds from so many places; return how long each call took."""
    took: list[float] = []
    pause = arguments.publishers * _MEMBERS / arguments.rate if arguments.rate else 0.0

    async def publish(first: int) -> None:
        publisher = BrokerPublisher(line_to(url))
        await publisher.publish([])  # it is connected now
        end = time.monotonic() + arguments.seconds
        turn = first
        while (begin := time.monotonic()) < end:
            members = [people[(turn + each) % len(people)] for each in range(_MEMBERS)]
            group = f"{first}-{turn}"
            await publisher.publish([Ring(each, group, time.monotonic_ns()) for each in members])
            took.append(time.monotonic() - begin)
            turn += _MEMBERS
            await asyncio.sleep(max(0.0, pause - (time.monotonic() - begin)))
        await publisher.close()

    await asyncio.gather(*map(publish, range(arguments.publishers)))
    return took


def _measure(arguments: argparse.Namespace) -> dict[str, float]:
    spawn = multiprocessing.get_context("spawn")
    people = [[str(uuid4()) for _ in range(arguments.people)] for _ in range(arguments.listeners)]
    lines: list[Connection] = []
    processes = []
    begin = time.monotonic()
    for each in people:
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_process, args=(arguments.url, each, theirs), daemon=True)
        process.start()
        processes.append(process)
        lines.append(ours)
    for line in lines:
        line.recv()
    ready = time.monotonic() - begin
    print(f"{arguments.listeners} processes listen, {ready:.1f} s", file=sys.stderr)

    broker, own = cpu_seconds(arguments.broker_pid), time.process_time()
    everybody = [person for each in people for person in each]
    begin = time.monotonic()
    took = asyncio.run(_ring(arguments.url, everybody, arguments))
    rung = len(took) * _MEMBERS
    published = time.monotonic() - begin
    own = time.process_time() - own
    deadline = time.monotonic() + _PATIENCE
    arrived = 0
    while arrived < rung and time.monotonic() < deadline:
        arrived = 0
        for line in lines:
            line.send("how many?")
            arrived += line.recv()
        time.sleep(0.02)
    elapsed = time.monotonic() - begin
    broker = cpu_seconds(arguments.broker_pid) - broker
    heard: list[Heard] = []
    for line, process in zip(lines, processes, strict=True):
        line.send("stop")
        heard.append(line.recv())
        process.join()
    latencies = sorted(each for one in heard for each in one.latencies)
    calls = sorted(took)
    return {
        "rings": rung,
        "lost": rung - len(latencies),
        "interruptions": sum(each.interruptions for each in heard),
        "rings_per_second": round(rung / published),
        "heard_per_second": round(len(latencies) / elapsed),
        "publish_ms_median": round(statistics.median(calls) * 1e3, 2),
        "publish_ms_p99": round(calls[int(len(calls) * 0.99)] * 1e3, 2),
        "latency_ms_median": round(statistics.median(latencies) * 1e3, 2),
        "latency_ms_p99": round(latencies[int(len(latencies) * 0.99)] * 1e3, 2),
        "broker_cpu_us_per_ring": round(broker / rung * 1e6),
        "listener_cpu_us_per_ring": round(sum(each.cpu for each in heard) / rung * 1e6),
        "publisher_cpu_us_per_ring": round(own / rung * 1e6),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.bus",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", required=True, help="the broker, as in UPDATE_BUS_URL")
    parser.add_argument("--listeners", type=int, default=1, metavar="N", help="processes (1)")
    parser.add_argument("--people", type=int, default=100, metavar="N", help="for each (100)")
    parser.add_argument("--publishers", type=int, default=1, metavar="N", help="at once (1)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to ring (5)")
    parser.add_argument("--rate", type=float, default=0.0, help="rings a second; 0: as many as go")
    parser.add_argument("--broker-pid", type=int, default=0, metavar="PID", help="for its CPU")
    parser.add_argument("--json", action="store_true", help="print JSON")
    figures = _measure(parser.parse_args(argv))
    if parser.parse_args(argv).json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):>26} {value}")
    return 1 if figures["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
