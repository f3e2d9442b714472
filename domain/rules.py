"""The rules that need no store."""

from __future__ import annotations

from domain.errors import BadInput, MessageBlank, MessageTooLong

MAX_MESSAGE_LENGTH = 1024
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100


def check_text(text: str) -> None:
    """Refuse a message text that is blank, over 1,024 code points, or not Unicode text.

    Raises MessageBlank, MessageTooLong, or BadInput for a lone surrogate, which JSON can
    spell and UTF-8, hence DynamoDB, cannot (RFC 8259, section 8.2).
    """
    if len(text) > MAX_MESSAGE_LENGTH:
        raise MessageTooLong(f"A message has at most {MAX_MESSAGE_LENGTH} characters.")
    if not text.strip():
        raise MessageBlank("A message needs at least one character that is not white space.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput("The message contains a lone surrogate, which is not a character.")
