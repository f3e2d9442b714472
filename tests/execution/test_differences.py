"""Plans answer as graphql-core does: random documents, data and variables, over a nasty schema.

tests/execution/compare runs as many as it is told to, far from those that run here.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.execution.nasty.comparison import Nasty
from tests.fuzz.profile import bounded

# As many as graphql-core leaves: of awaitables whose tasks it cancels before they begin.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")


@pytest.fixture(scope="module")
def nasty() -> Nasty:
    return Nasty()


@bounded(500)
@given(seed=st.integers(0, 10**9))
async def test_nothing_differs(nasty: Nasty, seed: int) -> None:
    drawn = nasty.draw(seed)
    if drawn is not None:
        assert await nasty.differences(*drawn) is None


def test_nearly_everything_was_compiled(nasty: Nasty) -> None:
    """Or else graphql-core would have been compared with itself."""
    fallbacks = nasty.outcomes.count("fallback")
    assert fallbacks * 20 < len(nasty.outcomes)
    assert nasty.outcomes.count("hit") * 3 > len(nasty.outcomes)
