"""Where the promises end: the counterexamples of docs/guarantees.md, which must stay true.

A test that fails here means good news, and a limit less to write about.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.errors import GroupNotFound
from resolvers.conversations import conversations
from resolvers.messages import messages
from resolvers.pages import Page, Window
from resolvers.updates import RECHECK_SECONDS
from tests.model.operation import FREELY, Pace, Trouble
from tests.model.people import PEOPLE
from tests.model.simulation import Work
from tests.model.town import Town

HEAD, MESSAGE, NEW_ROW = 8, 2, 2


@pytest.fixture
def town() -> Iterator[Town]:
    """Andrew talks with bayko and with londo."""
    town = Town()
    town.start("andrew", "bayko", "one")
    town.start("andrew", "londo", "one")
    town.settle()
    yield town
    town.close()


def ask(town: Town, work: Work) -> object:
    """What server two answers now."""
    answers: list[object] = []
    town.simulation.serve("two", "asking", work, FREELY, lambda _, answer: answers.append(answer))
    return answers[0]


def test_without_a_client_uuid_a_retry_may_store_twice(town: Town) -> None:
    lost = Pace(trouble=Trouble.LOST)
    sending = town.write("andrew", "andrew+bayko", "one", lost, named=False)
    town.retry(sending, "one")
    assert len(town.model.stored(sending.command.text)) == 2


def test_a_page_may_show_neither_row_of_a_conversation_that_is_being_moved(town: Town) -> None:
    """The old row is gone, the new one is not to be seen yet. Who follows the list gets it."""
    town.write("bayko", "andrew+bayko", "one")
    reader = town.follow_inbox("andrew", 20, "two", Pace(calls=0))
    # Past the Query, up to the answer to the move of andrew's row.
    town.deliver(town.deliveries.pending, Pace(calls=2, hidden=NEW_ROW))
    page = ask(town, lambda services, _: conversations(services, PEOPLE["andrew"], WINDOW))
    assert isinstance(page, Page)
    assert [row.group_uuid for row in page.nodes] == [town.group("andrew+londo")]
    town.go_on(reader.operation, FREELY)
    town.settle()
    reader.check_caught_up()


def test_a_conversation_is_not_found_while_it_is_being_made(town: Town) -> None:
    """Its uuid gets about by its rows, which may be seen before its head."""
    town.start("bayko", "londo", "one", Pace(calls=2, hidden=HEAD))
    page = ask(town, lambda services, _: conversations(services, PEOPLE["londo"], WINDOW))
    assert isinstance(page, Page)
    uuid = page.nodes[0].group_uuid
    answer = ask(town, lambda services, _: messages(services, PEOPLE["londo"], uuid, WINDOW))
    assert isinstance(answer, GroupNotFound)


def test_a_ring_before_its_message_is_made_up_for_within_a_minute(town: Town) -> None:
    reader = town.follow_group("bayko", "andrew+bayko", 20, "two")
    town.write("andrew", "andrew+bayko", "one", Pace(calls=1, hidden=MESSAGE | 1))
    town.deliver(town.deliveries.pending)
    town.simulation.finish()
    with pytest.raises(AssertionError, match="has heard up to 1 of 2"):
        reader.check_caught_up()
    town.pass_time(RECHECK_SECONDS)
    reader.check_caught_up()


def test_a_move_that_takes_minutes_may_end_below_where_an_inbox_looks(town: Town) -> None:
    """The Lambda reads its clock and then stands still; the next message brings the row up."""
    town.write("bayko", "andrew+bayko", "one")
    town.deliver(town.deliveries.pending, Pace(calls=1))
    town.simulation.pass_time(14 * 60)
    with pytest.raises(AssertionError, match="arrives too far below"):
        town.go_on(town.simulation.latest, FREELY)


WINDOW = Window(20, None, False)
