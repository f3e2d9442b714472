"""The queue that Lambda sends dead letters to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_WAIT = 1  # seconds that the queue may take to find messages
_HIDDEN = 300  # seconds in which nobody else is given what is being repaired


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    text: str
    receipt: str


class LetterQueue:
    """The on-failure queue at `url`, behind boto3's SQS `client`."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def receive(self) -> list[QueuedLetter]:
        """Return some letters, hidden from others for five minutes; [] if there are none."""
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=_WAIT,
            VisibilityTimeout=_HIDDEN,
        )
        return [
            QueuedLetter(message["Body"], message["ReceiptHandle"])
            for message in answer.get("Messages", [])
        ]

    def delete(self, letter: QueuedLetter) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)
