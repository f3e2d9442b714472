"""What every transport does with a request: prepare it, run it, present what comes out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from graphql import GraphQLError

from documents.operations import Operation, OperationRefused, Operations
from documents.trusted_documents import TrustedDocuments, document_id
from domain.errors import StoreUnavailable
from execution.run import Executor
from resolvers.services import Services
from schema.context import Context, Progress, new_context
from schema.presentation import present_errors, present_result
from transport.authentication import Caller
from transport.deadline import Deadline
from transport.requests import GraphQLRequest
from transport.tally import Tally


class Gateway:
    """The way from a transport into the schema.

    A query or a mutation may take `max_seconds`, however many stores are slow. Where there are
    `trusted` documents, no others run.
    """

    def __init__(
        self,
        operations: Operations,
        executor: Executor,
        services: Services,
        *,
        max_seconds: float,
        trusted: TrustedDocuments | None = None,
    ) -> None:
        self._operations = operations
        self._executor = executor
        self._services = services
        self._max_seconds = max_seconds
        self._trusted = trusted

    def prepare(self, request: GraphQLRequest) -> Operation:
        """Return the operation that `request` asks for; raises OperationRefused."""
        source = self._source(request)
        return self._operations.prepare(source, request.operation_name, request.variables)

    async def answer(
        self, operation: Operation, request: GraphQLRequest, caller: Caller, request_id: str
    ) -> dict[str, Any]:
        """Run a query or a mutation; return its response map.

        Raises StoreUnavailable after that time: a mutation may have happened then.
        """
        context = self._context(caller, request_id)
        try:
            with Deadline(self._max_seconds):
                result = await self._executor.execute(operation, request.variables, context)
        except TimeoutError:
            raise StoreUnavailable("The stores took too long. Try again.") from None
        return present_result(result, request_id)

    async def stream(
        self, operation: Operation, request: GraphQLRequest, caller: Caller, request_id: str
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Run a subscription from its beginning to its end, and count what it delivers."""
        answers = self.updates(operation, request, caller, request_id, Progress())
        with self.tally(operation) as tally:
            async with aclosing(answers):
                async for answer in answers:
                    yield answer
                    if "data" in answer:
                        tally.delivered()
                    else:
                        tally.failed(answer)

    async def updates(
        self,
        operation: Operation,
        request: GraphQLRequest,
        caller: Caller,
        request_id: str,
        progress: Progress,
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Yield a response map an event. One without `data` is the last.

        It begins behind the cursor in `progress`, if there is one, and keeps it up to date.

        An event that cannot be told whole is not told at all: whoever went on behind it would
        never know what it said. Its errors end the subscription, and a new one begins with it.
        """
        context = self._context(caller, request_id, progress)
        results = self._executor.subscribe(operation, request.variables, context)
        async with aclosing(results):
            async for result in results:
                answer = present_result(result, request_id)
                if "errors" in answer:
                    yield {"errors": answer["errors"]}
                    return
                yield answer

    def tally(self, _: Operation) -> Tally:
        """Return what counts one subscription, which may share its updates with others."""
        return Tally()

    def _source(self, request: GraphQLRequest) -> str:
        """The document that is asked for; a text is as good as its hash."""
        if self._trusted is None:
            if request.query is None:
                # Apollo's clients send the text as well when they read just this.
                why = GraphQLError("PersistedQueryNotSupported")
                raise OperationRefused([why], "PERSISTED_QUERY_NOT_SUPPORTED")
            return request.query
        known = self._trusted.find(request.document_id or document_id(request.query or ""))
        if known is None:
            why = GraphQLError("Only documents of a list are answered, and this one is not on it.")
            raise OperationRefused([why], "DOCUMENT_NOT_TRUSTED")
        return known

    def refusal(self, refused: OperationRefused, request_id: str) -> list[dict[str, Any]]:
        """Return the errors of a request that names no operation that can run."""
        return present_errors(refused.errors, request_id, refused.code)

    def _context(
        self, caller: Caller, request_id: str, progress: Progress | None = None
    ) -> Context:
        return new_context(self._services, caller.user, request_id=request_id, progress=progress)
