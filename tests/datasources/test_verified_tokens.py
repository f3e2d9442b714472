"""A token is checked once, and never believed beyond its time."""

from __future__ import annotations

import pytest

from datasources import verified_tokens
from datasources.token_keys import Token, TokenKeys
from datasources.verified_tokens import VerifiedTokens
from domain.errors import Unauthenticated


class Issuer(TokenKeys):
    """Knows tokens by their text; `asked` has every text it was asked about."""

    def __init__(self, **tokens: Token) -> None:
        self.asked: list[str] = []
        self.generation = 1
        self._tokens = tokens

    async def verify(self, text: str) -> Token:
        self.asked.append(text)
        try:
            return self._tokens[text]
        except KeyError:
            raise Unauthenticated("no") from None


ADA, BOB = Token("ada", 100.0), Token("bob", 200.0)


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(a=ADA, b=BOB)


async def test_a_valid_token_is_checked_once(issuer: Issuer) -> None:
    tokens = VerifiedTokens(issuer, now=lambda: 99.9)
    for _ in range(3):
        assert (await tokens.verify("a"), await tokens.verify("b")) == (ADA, BOB)
    assert issuer.asked == ["a", "b"]


async def test_what_is_no_token_is_never_believed(issuer: Issuer) -> None:
    tokens = VerifiedTokens(issuer, now=lambda: 0.0)
    await tokens.verify("a")
    for text in ("A", "a ", "", "\ud800"):
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                await tokens.verify(text)
    assert issuer.asked == ["a", "A", "A", "a ", "a ", "", "", "\ud800", "\ud800"]


async def test_an_expired_token_is_checked_again(issuer: Issuer) -> None:
    now = 99.9
    tokens = VerifiedTokens(issuer, now=lambda: now)
    await tokens.verify("a")
    now = 100.0
    await tokens.verify("a")
    assert issuer.asked == ["a", "a"]


async def test_only_so_many_are_kept(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified_tokens, "_MOST", 1)
    tokens = VerifiedTokens(issuer, now=lambda: 0.0)
    for text in ("a", "b", "b", "a"):
        await tokens.verify(text)
    assert issuer.asked == ["a", "b", "a"]


async def test_when_keys_change_every_token_is_checked_again(issuer: Issuer) -> None:
    tokens = VerifiedTokens(issuer, now=lambda: 0.0)
    await tokens.verify("a")
    issuer.generation += 1
    await tokens.verify("a")
    await tokens.verify("a")
    assert issuer.asked == ["a", "a"]
