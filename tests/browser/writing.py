"""What the tests write themselves, and read again."""

from __future__ import annotations

from tests.contract.person import Person, texts


async def begin(person: Person, handle: str) -> str:
    """Write to somebody; return the group's uuid."""
    payload = await person.write("Let us begin.", to=Person(handle, "", "", "", person.http))
    return str(payload["conversation"]["groupUuid"])


async def stored(person: Person, group: str, mark: str) -> list[str]:
    """The texts in the conversation that begin with `mark`, oldest first."""
    page = await person.messages(group, first=100)
    return [text for text in reversed(texts(page)) if text.startswith(mark)]
