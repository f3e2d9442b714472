"""A plugin of pytest for mutants: that Hypothesis finds a failure is enough."""

from __future__ import annotations

import hypothesis
from hypothesis import Phase

hypothesis.settings.register_profile(
    "unshrunk",
    hypothesis.settings.get_profile("ci"),
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
