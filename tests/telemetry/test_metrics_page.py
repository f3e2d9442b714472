"""`/metrics` of a real server process, read by a real parser."""

from __future__ import annotations

import asyncio
import secrets

import httpx

from local.stack import Stack
from tests.contract import documents
from tests.contract.client import HANG_GUARD
from tests.contract.deployment import start_server
from tests.contract.person import Person, follow
from tests.telemetry.conftest import Observed
from tests.telemetry.scrape import Scrape, scrape


async def scrape_when(url: str, sample: str, expected: float, **labels: str) -> Scrape:
    """Scrape until the value is as expected: what ends, ends a moment after the client knows."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            page = scrape(url)
            if page.value(sample, **labels) == expected:
                return page
            await asyncio.sleep(0.01)


async def test_requests_are_counted_by_operation_and_outcome(
    alice: Person, observed: Observed
) -> None:
    name = f"Outcomes{secrets.token_hex(4)}"
    await alice.query(f"query {name} {{ me {{ handle }} }}")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for _ in range(2):
        await alice.ask(f'query {name} {{ messages(groupUuid: "{nowhere}") {{ syncCursor }} }}')
    page = scrape(observed.metrics_url)
    count = "cruddur_operation_duration_seconds_count"
    assert page.value(count, graphql_operation_name=name, outcome="OK") == 1
    assert page.value(count, graphql_operation_name=name, outcome="GROUP_NOT_FOUND") == 2
    assert page.families["cruddur_operation_duration_seconds"].type == "histogram"


async def test_buckets_are_cumulative_and_end_with_all(alice: Person, observed: Observed) -> None:
    await alice.query(documents.ME)
    page = scrape(observed.metrics_url)
    buckets = [
        (float(each.labels["le"]), each.value)
        for each in page.families["http_server_request_duration_seconds"].samples
        if each.name.endswith("_bucket")
        and each.labels["http_request_method"] == "POST"
        and each.labels["http_response_status_code"] == "200"
    ]
    assert [bound for bound, _ in buckets] == sorted({bound for bound, _ in buckets})
    assert [count for _, count in buckets] == sorted(count for _, count in buckets)
    assert buckets[-1] == (
        float("inf"),
        page.value(
            "http_server_request_duration_seconds_count",
            http_request_method="POST",
            http_response_status_code="200",
        ),
    )
    assert page.value("http_server_request_duration_seconds_sum") > 0


async def test_store_calls_and_consumed_units(
    alice: Person, bob: Person, observed: Observed
) -> None:
    def of(page: Scrape, operation: str) -> tuple[float, float]:
        return (
            page.value("db_client_operation_duration_seconds_count", db_operation_name=operation),
            page.value("cruddur_dynamodb_consumed_capacity_total", db_operation_name=operation),
        )

    group = (await alice.write("hello", to=bob))["conversation"]["groupUuid"]
    before = scrape(observed.metrics_url)
    await alice.write("hello again", to=group)
    after = scrape(observed.metrics_url)
    calls, units = of(after, "TransactWriteItems")
    calls_before, units_before = of(before, "TransactWriteItems")
    assert calls - calls_before == 1
    assert units - units_before >= 6
    assert "postgresql" in after.label_values("db_system_name")


async def test_sockets_and_subscriptions_go_up_and_down(
    alice: Person, bob: Person, observed: Observed
) -> None:
    group = (await alice.write("hello", to=bob))["conversation"]["groupUuid"]
    url = observed.metrics_url
    quiet = scrape(url)
    sockets, ends = quiet.value("cruddur_sockets_open"), quiet.value("cruddur_socket_ends_total")
    async with bob.socket() as socket:
        await follow(socket, group)
        await scrape_when(url, "cruddur_subscriptions_open", 1, graphql_operation_name="Updates")
        assert scrape(url).value("cruddur_sockets_open") == sockets + 1
    page = await scrape_when(url, "cruddur_socket_ends_total", ends + 1)
    assert page.value("cruddur_sockets_open") == sockets
    assert page.value("cruddur_subscriptions_open") == 0
    assert page.value("cruddur_subscription_ends_total", outcome="OK") >= 1


async def test_an_event_stream_is_a_request_until_it_begins_and_a_subscription_then(
    alice: Person, bob: Person, observed: Observed
) -> None:
    group = (await alice.write("hello", to=bob))["conversation"]["groupUuid"]
    url, count = observed.metrics_url, "http_server_request_duration_seconds_count"
    before = scrape(url).value(count, http_route="/graphql")
    body = {"query": documents.UPDATES, "variables": {"groupUuid": group}}
    headers = {"Authorization": f"Bearer {bob.token}", "Accept": "text/event-stream"}
    async with bob.http.stream("POST", bob.url, json=body, headers=headers) as stream:
        assert stream.status_code == 200
        page = await scrape_when(url, "cruddur_subscriptions_open", 1)
        begun = page.value(count, http_route="/graphql")
        # The request before it may have been counted a moment after its answer.
        assert begun >= before + 1
    page = await scrape_when(url, "cruddur_subscriptions_open", 0)
    assert page.value(count, http_route="/graphql") == begun


async def test_refused_documents_are_counted_by_code(alice: Person, observed: Observed) -> None:
    def refused() -> float:
        return scrape(observed.metrics_url).value(
            "cruddur_operation_refusals_total", outcome="GRAPHQL_PARSE_FAILED"
        )

    before = refused()
    await alice.ask("query {")
    assert refused() == before + 1


async def test_only_the_page_is_there(observed: Observed, http: httpx.AsyncClient) -> None:
    other = observed.metrics_url.replace("/metrics", "/")
    assert (await http.get(other)).status_code == 404
    public = observed.url.replace("/graphql", "/metrics")
    assert (await http.get(public)).status_code == 404


async def test_whoever_has_not_signed_in_makes_no_series(alice: Person, observed: Observed) -> None:
    await alice.query(documents.ME)
    before = samples(scrape(observed.metrics_url))
    for number in range(20):
        name = f"Unknown{number}"
        body = {"query": f"query {name} {{ me {{ handle }} }}", "operationName": name}
        headers = {"traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"}
        await alice.http.post(alice.url, json=body, headers=headers)
        await alice.http.request(f"BREW{number}", alice.url)
        await alice.http.get(f"{alice.url}/{name}")
    new = samples(scrape(observed.metrics_url)) - before
    # A status that nobody had got before, at most; each is a line a bucket.
    assert not [sample for sample in new if "Unknown" in sample or "BREW" in sample]
    assert len(new) <= 2 * 17


async def test_whoever_has_signed_in_makes_a_bounded_number(alice: Person, stack: Stack) -> None:
    long = "L" * 65
    # A server of its own, as this one learns no further name; on a path of the public port.
    with start_server(stack, METRICS_PATH="/internal/metrics") as url:
        attacker = alice.through(url)
        for name in [long, *(f"Attack{number}" for number in range(120))]:
            await attacker.query(f"query {name} {{ me {{ handle }} }}")
            await attacker.ask(f"query Invalid{name} {{ no }}")
        page = scrape(url.replace("/graphql", "/internal/metrics"))
    names = page.label_values("graphql_operation_name")
    assert len(names - {"", "other"}) == 100
    assert "other" in names
    assert long not in names
    assert not [name for name in names if name.startswith("Invalid")]


def samples(page: Scrape) -> set[str]:
    return {
        f"{each.name}{sorted(each.labels.items())}"
        for family in page.families.values()
        for each in family.samples
    }
