"""One operation on a socket, from its `subscribe` to its last message."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from functools import partial
from typing import Any

from graphql import OperationType

from documents.operations import OperationRefused
from domain.errors import CruddurError
from schema.context import Progress
from schema.presentation import failure, internal_error
from transport.authentication import Caller
from transport.fan_out import Answers, FanOut, Subscription, likeness
from transport.gateway import Gateway
from transport.messages import Subscribe
from transport.outbox import Outbox
from transport.tally import Tally

_log = logging.getLogger(__name__)


class SocketOperation:
    """Sends `next` for each result, then `complete`; or `error`, which is the last one too.

    `ended` is called before the last message: the id is free before the client can know, so the
    client may use it again at once.
    """

    __slots__ = ("_ended", "_errors", "_fan_out", "_gateway", "_id", "_outbox", "_request")

    def __init__(
        self,
        gateway: Gateway,
        fan_out: FanOut,
        outbox: Outbox,
        asked: Subscribe,
        ended: Callable[[], object],
    ) -> None:
        self._gateway = gateway
        self._fan_out = fan_out
        self._errors: list[dict[str, Any]] = []
        self._outbox = outbox
        self._id = asked.operation_id
        self._request = asked.request
        self._ended = ended

    async def run(self, who: Callable[[], Awaitable[Caller]], request_id: str) -> None:
        """Run to the end; raises nothing but cancellation.

        `who` tells who asks, as they are now: a socket may be open for an hour.
        """
        try:
            errors = await self._answer(await who(), request_id)
        except OperationRefused as refused:
            errors = self._gateway.refusal(refused, request_id)
        except CruddurError as error:
            errors = [failure(error, request_id)]
        except Exception as error:  # noqa: BLE001 the last resort: nothing unmasked leaves
            _log.error(
                "operation failed", exc_info=error, extra={"fields": {"request_id": request_id}}
            )
            errors = [internal_error(request_id)]
        self._ended()
        if errors:
            await self._send("error", payload=errors)
        else:
            await self._send("complete")

    async def _answer(self, caller: Caller, request_id: str) -> list[dict[str, Any]]:
        """Send the results; return the errors that end the operation, if any do."""
        operation = self._gateway.prepare(self._request)
        # What is not needed any more may be large, and a subscription may last.
        self._request = self._request.for_long(operation)
        if operation.type is not OperationType.SUBSCRIPTION:
            return await self._next(
                await self._gateway.answer(operation, self._request, caller, request_id)
            )
        stream = partial(self._gateway.updates, operation, self._request, caller, request_id)
        key = likeness(operation, self._request.variables, caller)
        with (
            self._gateway.tally(operation) as tally,
            Subscription(self._fan_out, key, stream) as subscription,
        ):
            progress = Progress()
            while await self._alone(stream(progress), subscription, progress, tally):
                progress.cursor = await subscription.left()
        return self._errors

    async def _alone(
        self, answers: Answers, subscription: Subscription, progress: Progress, tally: Tally
    ) -> bool:
        """Send results; return True to go on together with others, False where it ends."""
        async with aclosing(answers):
            async for answer in answers:
                self._errors = await self._next(answer)
                if self._errors:
                    tally.failed(answer)
                    return False
                tally.delivered()
                if progress.cursor and subscription.join(
                    progress.cursor, self._outbox, self._id, tally
                ):
                    return True
        return False

    async def _next(self, answer: dict[str, Any]) -> list[dict[str, Any]]:
        if "data" not in answer:
            return list(answer["errors"])
        await self._send("next", payload=answer)
        return []

    async def _send(self, kind: str, **payload: object) -> None:
        await self._outbox.send({"id": self._id, "type": kind, **payload})
