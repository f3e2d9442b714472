"""The process that stands in for Lambda's event source mapping on a development machine.

Its environment holds the settings, as Lambda's does: ./bin/dev starts it so.
"""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from datasources.aws import dynamodb_client, streams_client
from lambdas.messaging_stream import lambda_handler
from local.data_directory import DataDirectory
from local.stream.catch_up import catch_up
from local.stream.checkpoints import Checkpoints
from local.stream.dead_letters import DeadLetters
from local.stream.delivery import Delivery
from local.stream.runner import StreamRunner
from logs import configure_logging
from settings import Settings, TelemetrySettings, process_environment
from telemetry.seams.stream import measured_handler
from telemetry.telemetry import Telemetry


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.stream_runner", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, metavar="DIR")
    data = DataDirectory(parser.parse_args(argv).data_dir)
    settings = Settings.from_environment(process_environment())
    configure_logging(settings.log_level, settings.log_format)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    telemetry = _telemetry(settings.telemetry)
    handler = (
        measured_handler(lambda_handler, telemetry.measures, time.time)
        if telemetry.on
        else lambda_handler
    )
    telemetry.start()
    StreamRunner(
        streams_client(settings),
        Delivery(handler, DeadLetters(data.dead_letters), stopping.wait),
        Checkpoints(data.checkpoints),
        find_stream=_stream_finder(settings),
        catch_up=lambda: catch_up(settings),
        pause=stopping.wait,
        clock=time.monotonic,
    ).run()
    telemetry.stop()
    return 0


def _telemetry(settings: TelemetrySettings) -> Telemetry:
    """It is told from the server by its name, and leaves it the port."""
    own = dataclasses.replace(settings, service_name=f"{settings.service_name}-stream-runner")
    return Telemetry(own, serve=False)


def _stream_finder(settings: Settings) -> Callable[[], str | None]:
    dynamodb = dynamodb_client(settings)

    def find() -> str | None:
        try:
            table = dynamodb.describe_table(TableName=settings.messages_table)["Table"]
        except dynamodb.exceptions.ResourceNotFoundException:
            return None
        return table.get("LatestStreamArn")

    return find


if __name__ == "__main__":
    sys.exit(main())
