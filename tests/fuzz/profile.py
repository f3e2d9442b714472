"""How many examples: few and the same ones in CI, the profile's number when it goes further."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def bounded(examples: int) -> settings:
    """`examples` in CI; in a profile that is random, as many as that says."""
    profile = settings.default
    assert profile is not None
    return settings(
        max_examples=examples if profile.derandomize else profile.max_examples,
        deadline=None,
        # The server is one for all examples on purpose.
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
