"""What each operation asks of the stores: DynamoDB's calls and Postgres's statements, counted.

The table of docs/performance.md says the same to its readers; neither has a row more.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from local.data_directory import ROOT
from schema.build import build_schema, core_schema
from tests.schema.costs import COSTS
from tests.schema.counted import Counted
from tests.schema.whole_answers import FOLLOW, READS, SEND


@pytest.mark.parametrize(
    ("name", "document"),
    [(name, document) for name, documents in READS.items() for document in documents],
)
async def test_a_query(counted: Counted, name: str, document: str) -> None:
    found = await counted.ask(
        """query ($group: UUID!) {
          conversations { edges { cursor } }
          messages(groupUuid: $group) { edges { cursor } }
        }""",
        group=counted.group,
    )
    rows = [edge["cursor"] for edge in found["conversations"]["edges"]]
    lines = [edge["cursor"] for edge in found["messages"]["edges"]]
    known = {
        "group": counted.group,
        "others": counted.others,
        "newest": rows[0],
        "oldest": rows[-1],
        "line": lines[2],
    }
    counted.start()
    asked = {key: known[key] for key in known if f"${key}:" in document}
    assert any((await counted.ask(document, **asked)).values()) != ("of others" in name)
    assert counted.cost == COSTS[name]


async def test_a_page_that_is_refused(counted: Counted) -> None:
    for where in ("first: 101", 'after: "garbage"', "first: 1, last: 1"):
        for field in (
            f"conversations({where})",
            f'messages(groupUuid: "{counted.group}", {where})',
        ):
            assert not await counted.ask(f"{{ {field} {{ syncCursor }} }}")
    assert counted.cost == COSTS["a page from a cursor that is none, or of too many"]


async def test_who_is_not_registered(counted: Counted) -> None:
    for field in ("me { uuid }", "conversations { syncCursor }", 'user(handle: "bayko") { uuid }'):
        answer = await counted.api.ask(f"{{ {field} }}", caller=None)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_REGISTERED"
    assert counted.cost == COSTS["anything, for who is not registered"]


def test_every_field_at_the_root_is_counted() -> None:
    schema = core_schema(build_schema())
    documents = [document for documents in READS.values() for document in documents]
    asked: set[str] = set()
    for definition in (
        each for text in [*documents, SEND, FOLLOW] for each in parse(text).definitions
    ):
        assert isinstance(definition, OperationDefinitionNode)
        for field in definition.selection_set.selections:
            assert isinstance(field, FieldNode)
            asked.add(field.name.value)
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    assert asked == {name for root in roots if root for name in root.fields}


def test_the_page_of_performance_tells_the_same() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    table = text.partition("| operation | DynamoDB | Postgres |\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]
    told = {operation: (calls, statements) for operation, calls, statements in rows}
    assert told == {name: (cost.words, str(cost.statements)) for name, cost in COSTS.items()}


def test_every_row_is_counted() -> None:
    told = "".join(each.read_text() for each in Path(__file__).parent.glob("test_store_calls*.py"))
    assert [name for name in COSTS if name not in READS and f'"{name}"' not in told] == []
