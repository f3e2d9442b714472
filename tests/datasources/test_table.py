"""What every `Table` promises: held to the tests' double, to moto and to the emulator alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

import pytest
from msgspec import Struct, ValidationError

from datasources.attributes import Number, Text
from datasources.table import (
    Absent,
    AbsentOrBelow,
    Below,
    Condition,
    Delete,
    Equal,
    Item,
    Key,
    Put,
    Refusal,
    Table,
    TransactionRefused,
    Update,
    Write,
)
from tests.doubles.typed_items import typed

HEAD = Key("GROUP#g", "HEAD")


def item(sk: str, **values: object) -> Item:
    return typed({"pk": "p", "sk": sk, **values})


def put(sk: str, when: Condition | None = None, **values: object) -> Put:
    return Put(item(sk, **values), when)


def expired(now: int) -> Condition:
    return AbsentOrBelow(typed({"expires_at": now}))


async def transact(table: Table, *writes: Write) -> None:
    await table.transact(writes, token=str(uuid4()))


async def refusals(table: Table, *writes: Write) -> list[Refusal | None]:
    with pytest.raises(TransactionRefused) as refused:
        await transact(table, *writes)
    return list(refused.value.reasons)


def sort_keys(items: Sequence[Item]) -> str:
    return "".join(each["sk"]["S"] for each in items)


async def test_nothing_is_there_at_first(table: Table) -> None:
    assert await table.get(HEAD) is None
    assert await table.query("p", dict, limit=5, newest_first=True) == []


async def test_an_item_comes_back_as_it_was_put(table: Table) -> None:
    stored = item(
        "1",
        text="é 👋 \0",
        empty="",
        number=2**53,
        members=[{"user_uuid": "a", "seq": -1}, {"user_uuid": "b", "seq": 0}],
        nothing=[],
    )
    await transact(table, Put(stored))
    assert await table.get(Key("p", "1")) == stored
    assert await table.query("p", dict, limit=1, newest_first=True) == [stored]


class Note(Struct):
    sk: Text
    size: Number


async def test_a_query_reads_items_as_structs_of_their_attributes(table: Table) -> None:
    await transact(table, put("1", size=2**53, more="m"))
    (note,) = await table.query("p", Note, limit=5, newest_first=True)
    assert note == Note(Text("1"), Number(2**53))


@pytest.mark.parametrize("other", [{}, {"size": "7"}, {"size": True}], ids=str)
async def test_an_item_that_does_not_fit_is_an_error(
    table: Table, other: dict[str, object]
) -> None:
    await transact(table, put("1", size=1), Put(item("2", **other)))
    with pytest.raises(ValidationError):
        await table.query("p", Note, limit=5, newest_first=True)


async def test_a_put_replaces_the_whole_item(table: Table) -> None:
    await transact(table, put("1", old=1))
    await transact(table, put("1", new=2))
    assert await table.get(Key("p", "1")) == item("1", new=2)


@pytest.mark.parametrize(
    ("newest_first", "above", "below", "expected"),
    [
        (True, None, None, "edcba"),
        (False, None, None, "abcde"),
        (True, None, "d", "cba"),
        (True, "b", None, "edc"),
        (False, "b", None, "cde"),
        (False, None, "d", "abc"),
        (False, "bb", None, "cde"),
        (True, None, "a", ""),
        (False, "e", None, ""),
    ],
)
async def test_a_query_is_in_order_and_leaves_its_bounds_out(
    table: Table, newest_first: bool, above: str | None, below: str | None, expected: str
) -> None:
    await transact(table, put("c"), put("a"), put("e"), put("b"), put("d"))
    await transact(table, Put(Key("other", "c").attributes()))
    for limit in (5, 3, 1):
        found = await table.query(
            "p", dict, limit=limit, newest_first=newest_first, above=above, below=below
        )
        assert sort_keys(found) == expected[:limit]


async def test_a_transaction_happens_whole(table: Table) -> None:
    await transact(table, put("gone"))
    await transact(table, Put({**HEAD.attributes(), **typed({"seq": 1, "kept": "k"})}))
    await transact(
        table,
        put("new", Absent()),
        Delete(Key("p", "gone")),
        Delete(Key("p", "never was")),
        Update(HEAD, typed({"seq": 2, "more": "m"}), Equal(typed({"seq": 1}))),
    )
    assert sort_keys(await table.query("p", dict, limit=5, newest_first=False)) == "new"
    assert await table.get(HEAD) == {
        **HEAD.attributes(),
        **typed({"seq": 2, "more": "m", "kept": "k"}),
    }


async def test_one_refused_write_refuses_all_of_them(table: Table) -> None:
    await transact(table, put("taken"), put("kept"))
    reasons = await refusals(
        table,
        put("new"),
        put("taken", Absent()),
        Delete(Key("p", "kept")),
        put("kept too", Absent()),
    )
    assert reasons == [None, Refusal("ConditionalCheckFailed", item("taken")), None, None]
    assert reasons[1] is not None
    assert reasons[1].by_condition
    assert sort_keys(await table.query("p", dict, limit=5, newest_first=False)) == "kepttaken"


async def test_each_reason_stands_at_its_write_with_what_was_there(table: Table) -> None:
    await transact(table, put("a", seq=1), put("b", seq=2, expires_at=100))
    reasons = await refusals(
        table,
        put("a", Absent()),
        Update(HEAD, typed({"seq": 2}), Equal(typed({"seq": 1}))),
        put("free", Absent()),
        put("b", expired(100)),
    )
    assert [reason and reason.item for reason in reasons] == [
        item("a", seq=1),
        None,
        None,
        item("b", seq=2, expires_at=100),
    ]
    assert [bool(reason) for reason in reasons] == [True, True, False, True]


@pytest.mark.parametrize("expected", [{"seq": 2}, {"seq": "1"}, {"sk": "1", "last": "x"}])
async def test_equal_demands_every_value(table: Table, expected: dict[str, object]) -> None:
    await transact(table, put("1", seq=1, last="y"))
    await refusals(table, Update(Key("p", "1"), typed({"seq": 5}), Equal(typed(expected))))
    assert await table.get(Key("p", "1")) == item("1", seq=1, last="y")


async def test_equal_compares_lists_of_maps(table: Table) -> None:
    members = [{"user_uuid": "a"}, {"user_uuid": "b"}]
    await transact(table, put("1", members=members, seq=1))
    same = Equal(typed({"members": members, "seq": 1}))
    await transact(table, Update(Key("p", "1"), typed({"seq": 2}), same))
    other_order = Equal(typed({"members": members[::-1], "seq": 2}))
    await refusals(table, Update(Key("p", "1"), typed({"seq": 3}), other_order))
    assert await table.get(Key("p", "1")) == item("1", members=members, seq=2)


async def test_a_number_is_added_to_up_to_its_limit(table: Table) -> None:
    count = Update(
        Key("p", "1"), typed({"expires_at": 5}), Below(typed({"sends": 3})), typed({"sends": 1})
    )
    for _ in range(3):
        await transact(table, count)
    assert await refusals(table, count, put("2")) == [
        Refusal("ConditionalCheckFailed", item("1", sends=3, expires_at=5)),
        None,
    ]
    assert await table.get(Key("p", "1")) == item("1", sends=3, expires_at=5)


async def test_what_has_no_such_number_is_below_every_limit(table: Table) -> None:
    await transact(table, put("1", kept="k"))
    count = Update(
        Key("p", "1"), typed({"new": 1}), Below(typed({"sends": 1})), typed({"sends": 2})
    )
    await transact(table, count)
    assert await table.get(Key("p", "1")) == item("1", kept="k", new=1, sends=2)


FOREIGN: dict[str, object] = {
    "a.b c-d": False,
    "nothing": None,
    "set": {"a"},
    "bytes": b"\0",
    "size": Decimal("1.5"),
    "deep": {"list": [True]},
}


async def test_what_others_put_there_comes_back_and_is_compared(
    table: Table, request: pytest.FixtureRequest
) -> None:
    foreign = {**typed(FOREIGN)}
    if request.node.callspec.params["table"] == "lean":
        # boto3 makes bytes of what is base64 in DynamoDB's JSON; our own client leaves it.
        foreign["bytes"] = {"B": "AA=="}
    stored = {**item("1"), **foreign}
    await transact(table, Put(stored))
    assert await table.get(Key("p", "1")) == stored
    more = {**foreign, **typed({"seq": 1})}
    await transact(table, Update(Key("p", "1"), more, Equal(foreign)))
    for name in foreign:
        await refusals(table, put("1", Equal({**foreign, name: {"BOOL": True}})))
    assert await table.get(Key("p", "1")) == {**stored, **more}


async def test_a_delete_may_have_a_condition(table: Table) -> None:
    await transact(table, put("1", seq=1))
    for when in (Equal(typed({"seq": 2})), Absent()):
        await refusals(table, Delete(Key("p", "1"), when))
    await refusals(table, Delete(Key("p", "gone"), Equal(typed({"seq": 1}))))
    await transact(table, Delete(Key("p", "1"), Equal(typed({"seq": 1}))))
    assert await table.get(Key("p", "1")) is None


@pytest.mark.parametrize(("now", "stored"), [(99, False), (100, False), (101, True)])
async def test_what_has_expired_may_be_replaced(table: Table, now: int, stored: bool) -> None:
    await transact(table, put("1", expires_at=100))
    again = put("1", expired(now), expires_at=500)
    if stored:
        await transact(table, again)
    else:
        await refusals(table, again)
    await transact(table, put("2", expired(now)))


async def test_what_never_expires_is_not_replaced(table: Table) -> None:
    await transact(table, put("1"))
    await refusals(table, put("1", expired(2**40)))


@pytest.mark.parametrize("table", ["memory", "emulator"], indirect=True)  # moto ignores tokens
async def test_a_repeat_with_the_same_token_is_the_same_attempt(table: Table) -> None:
    writes = [put("1", Absent()), put("2")]
    for _ in range(2):
        await table.transact(writes, token="the same")
    with pytest.raises(TransactionRefused):
        await table.transact(writes, token="another")
