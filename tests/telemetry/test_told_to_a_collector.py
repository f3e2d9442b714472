"""What a real server process tells a collector, over HTTP, in protocol buffers."""

from __future__ import annotations

import secrets

from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.contract import documents
from tests.contract.person import Person, follow
from tests.telemetry.collector import values
from tests.telemetry.conftest import Observed

# Nobody is remembered by their handle, so Postgres is asked.
TRACED = """
query Traced($group: UUID!, $handle: String!) {
  messages(groupUuid: $group) { nodes { message } }
  user(handle: $handle) { uuid }
}
"""


def by_name(spans: list[Span]) -> dict[str, Span]:
    return {span.name: span for span in spans}


def traceparent(trace_id: str, *, sampled: bool = True) -> dict[str, str]:
    return {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-0{int(sampled)}"}


async def ask(person: Person, document: str, headers: dict[str, str], **variables: object) -> None:
    response = await person.http.post(
        person.url,
        json={"query": document, "variables": variables},
        headers={"Authorization": f"Bearer {person.token}", **headers},
    )
    assert response.status_code == 200


async def test_a_request_is_a_span_with_the_operation_and_its_store_calls_inside(
    alice: Person, bob: Person, observed: Observed
) -> None:
    group = (await alice.write("hello", to=bob))["conversation"]["groupUuid"]
    trace_id = secrets.token_hex(16)
    await ask(alice, TRACED, traceparent(trace_id), group=group, handle=bob.handle)

    spans = by_name(observed.collector.trace_of(trace_id, "POST /graphql"))
    request, operation = spans["POST /graphql"], spans["query"]
    assert request.parent_span_id.hex() == "00f067aa0ba902b7"
    assert request.kind == Span.SPAN_KIND_SERVER
    assert values(request.attributes) == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "url.path": "/graphql",
        "url.scheme": "http",
    }
    assert operation.parent_span_id == request.span_id
    assert values(operation.attributes).items() >= {
        ("graphql.operation.type", "query"),
        ("graphql.operation.name", "Traced"),
    }
    query = spans["Query cruddur-messages"]
    assert query.kind == Span.SPAN_KIND_CLIENT
    assert query.parent_span_id == operation.span_id
    assert values(query.attributes) == {
        "db.system.name": "aws.dynamodb",
        "db.operation.name": "Query",
        "db.collection.name": "cruddur-messages",
        "rpc.system": "aws-api",
        "rpc.method": "DynamoDB/Query",
    }
    assert spans["SELECT users"].kind == Span.SPAN_KIND_CLIENT
    for span in spans.values():
        assert request.start_time_unix_nano <= span.start_time_unix_nano
        assert span.end_time_unix_nano <= request.end_time_unix_nano


async def test_what_the_caller_does_not_keep_is_not_told(alice: Person, observed: Observed) -> None:
    dropped, kept = secrets.token_hex(16), secrets.token_hex(16)
    await ask(alice, documents.ME, traceparent(dropped, sampled=False))
    await ask(alice, documents.ME, traceparent(kept))
    observed.collector.trace_of(kept, "POST /graphql")
    told = observed.collector.spans_when(lambda _: True)
    assert dropped not in {span.trace_id.hex() for span in told}


async def test_an_event_of_a_subscription_is_a_trace_of_its_own(
    alice: Person, bob: Person, observed: Observed
) -> None:
    group = (await alice.write("hello", to=bob))["conversation"]["groupUuid"]
    before = len(observed.collector.spans_when(lambda _: True))
    async with bob.socket() as socket:
        await follow(socket, group)
        spans = observed.collector.spans_when(
            lambda spans: any(span.name == "subscription update" for span in spans[before:])
        )
    updates = [span for span in spans[before:] if span.name == "subscription update"]
    inside = [span for span in spans if span.parent_span_id == updates[0].span_id]
    # The head tells that there is nothing new.
    assert "GetItem cruddur-messages" in {span.name for span in inside}


async def test_failures_are_marked_by_their_code(alice: Person, observed: Observed) -> None:
    trace_id = secrets.token_hex(16)
    nowhere = "00000000-0000-4000-8000-000000000000"
    await ask(alice, documents.MESSAGES, traceparent(trace_id), groupUuid=nowhere)
    spans = by_name(observed.collector.trace_of(trace_id, "POST /graphql"))
    assert spans["query"].status.code == Status.STATUS_CODE_ERROR
    assert values(spans["query"].attributes)["error.type"] == "GROUP_NOT_FOUND"
    # The server has done its part: HTTP has no error to tell of.
    assert spans["POST /graphql"].status.code == Status.STATUS_CODE_UNSET


async def test_metrics_are_sums_since_the_start(alice: Person, observed: Observed) -> None:
    name = f"Counted{secrets.token_hex(4)}"

    def count(metric: Metric) -> int:
        return sum(
            point.count
            for point in metric.histogram.data_points
            if values(point.attributes).get("graphql.operation.name") == name
        )

    for _ in range(3):
        await alice.query(f"query {name} {{ me {{ handle }} }}")
    metric = observed.collector.metric_when(
        "cruddur.operation.duration", lambda metric: count(metric) == 3
    )
    (point,) = (
        point
        for point in metric.histogram.data_points
        if values(point.attributes)["graphql.operation.name"] == name
    )
    assert metric.unit == "s"
    assert sum(point.bucket_counts) == 3
    assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
    assert point.sum > 0
    assert values(point.attributes) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": name,
        "outcome": "OK",
    }


async def test_the_collector_is_sent_the_headers_that_are_set(observed: Observed) -> None:
    observed.collector.metric_when("http.server.request.duration", lambda _: True)
    assert observed.collector.headers.items() >= {
        ("x-key", "hidden key"),
        ("content-type", "application/x-protobuf"),
        ("content-encoding", "gzip"),
    }


async def test_nothing_that_people_say_or_are_is_told(
    alice: Person, bob: Person, observed: Observed
) -> None:
    secret = f"secret-{secrets.token_hex(8)}"
    group = (await alice.write(secret, to=bob))["conversation"]["groupUuid"]
    trace_id = secrets.token_hex(16)
    headers = traceparent(trace_id)
    await ask(alice, f'{{ user(handle: "{secret}") {{ handle }} }}', headers)
    await ask(alice, documents.USER, headers, handle=secret)
    await alice.ask(f"query {{ {secret.replace('-', '_')} }}")
    await alice.http.get(f"{alice.url}?query={secret}", headers={"Authorization": secret})
    async with bob.socket() as socket:
        updates = await follow(socket, group)
        await alice.write(secret, to=group)
        del updates
    # Behind these everything before has been told.
    observed.collector.trace_of(trace_id, "POST /graphql")
    last = secrets.token_hex(16)
    await ask(alice, documents.ME, traceparent(last))
    observed.collector.trace_of(last, "POST /graphql")
    page = await alice.http.get(observed.metrics_url)
    told = b"".join(observed.collector.bodies) + page.content
    for word in (secret, secret.replace("-", "_"), alice.handle, bob.handle, alice.token, group):
        assert word.encode() not in told
