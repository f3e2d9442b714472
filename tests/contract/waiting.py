"""Waiting for what the stream brings about in its own time: never for a time."""

from __future__ import annotations

import asyncio

from tests.contract.client import HANG_GUARD, Json
from tests.contract.person import Person


async def list_topped_by(reader: Person, text: str) -> Json:
    """Return the first page of the reader's conversations once it begins with this message."""
    async with asyncio.timeout(HANG_GUARD):
        while True:
            page = await reader.conversations()
            if page["nodes"] and page["nodes"][0]["lastMessage"]["message"] == text:
                return page
            await asyncio.sleep(0.02)
