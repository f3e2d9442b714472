"""Everything that is measured. docs/operations.md has the same list; a test compares them.

Names are OpenTelemetry's where its conventions have one, and begin with `cruddur.` elsewhere.
https://opentelemetry.io/docs/specs/semconv/
"""

from __future__ import annotations

from telemetry.instruments import Counter, Definition, Histogram, Instrument, Level

# Seconds; the boundaries that the conventions advise for HTTP, and finer ones for stores:
# https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
# https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
_REQUEST = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_CALL = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
_LAG = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)


class Measures:
    """The instruments, made once per process."""

    def __init__(self) -> None:
        self.http_requests = Histogram(
            Definition(
                "http.server.request.duration",
                "s",
                "Requests over HTTP; those for event streams until the stream begins.",
                ("http.request.method", "http.route", "http.response.status_code"),
            ),
            _REQUEST,
        )
        self.operations = Histogram(
            Definition(
                "cruddur.operation.duration",
                "s",
                "Queries and mutations over all transports. The outcome is OK or an error's code.",
                ("graphql.operation.type", "graphql.operation.name", "outcome"),
            ),
            _REQUEST,
        )
        self.refusals = Counter(
            Definition(
                "cruddur.operation.refusals",
                "{operation}",
                "Documents refused before they ran, by code.",
                ("outcome",),
            )
        )
        self.plans = Counter(
            Definition(
                "cruddur.operation.plans",
                "{operation}",
                "Operations run by a plan that was there (hit) or was made (compiled), or without"
                " one (fallback).",
                ("outcome",),
            )
        )
        self.subscriptions = Level(
            Definition(
                "cruddur.subscriptions.open",
                "{subscription}",
                "Subscriptions at this moment.",
                ("graphql.operation.name",),
            )
        )
        self.subscription_ends = Counter(
            Definition(
                "cruddur.subscription.ends",
                "{subscription}",
                "Subscriptions that have ended. The outcome is OK or an error's code.",
                ("graphql.operation.name", "outcome"),
            )
        )
        self.events = Counter(
            Definition(
                "cruddur.subscription.events",
                "{event}",
                "Events delivered to subscribers.",
                ("graphql.operation.name",),
            )
        )
        self.sockets = Level(
            Definition("cruddur.sockets.open", "{socket}", "WebSockets at this moment.")
        )
        self.socket_ends = Counter(
            Definition(
                "cruddur.socket.ends",
                "{socket}",
                "WebSockets that have ended, by close code. 1013: a reader that was too slow.",
                ("code",),
            )
        )
        self.store_calls = Histogram(
            Definition(
                "db.client.operation.duration",
                "s",
                "Calls to DynamoDB and Postgres, their repeats included.",
                ("db.system.name", "db.operation.name", "db.collection.name", "error.type"),
            ),
            _CALL,
        )
        self.consumed_units = Counter(
            Definition(
                "cruddur.dynamodb.consumed_capacity",
                "{unit}",
                "Request units that DynamoDB says it has consumed, those of indexes included.",
                ("db.operation.name",),
            )
        )
        self.bell_wakes = Counter(
            Definition(
                "cruddur.bell.wakes",
                "{wake}",
                "Times that a subscription, or several that are alike, woke up: rung, or unrung "
                "as after a long silence or when the bus was away.",
                ("reason",),
            )
        )
        self.merged_rings = Counter(
            Definition(
                "cruddur.bell.merged_rings",
                "{ring}",
                "Rings that told a busy subscription of a group it had not yet looked at.",
            )
        )
        self.stream_records = Counter(
            Definition(
                "cruddur.stream.records",
                "{record}",
                "Records that the local stream runner has handed over: taken, or to be repeated.",
                ("outcome",),
            )
        )
        self.stream_lag = Histogram(
            Definition(
                "cruddur.stream.lag",
                "s",
                "From a record's writing until the local stream runner has handed it over.",
            ),
            _LAG,
        )
        self.dropped_spans = Counter(
            Definition(
                "cruddur.spans.dropped",
                "{span}",
                "Spans that were not exported, as too many waited or the collector was away.",
            )
        )

    def all(self) -> list[Instrument]:
        """Return every instrument, in the order above."""
        return [each for each in vars(self).values() if isinstance(each, Counter | Histogram)]
