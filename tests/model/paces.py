"""The paces that Hypothesis chooses from, the simplest first: one choice each is fast to make."""

from __future__ import annotations

from tests.model.operation import Pace, Trouble

_CALLS = range(9)
# Of a send these hide the head, the message, the receipt; of a move the old row, the new one, the
# pointer; of a first message the pair, the rows, the head, the members, the message, the receipt.
_HIDDEN = (1, 2, 3, 4, 5, 6, 7, 8, 9, 48, 64, 72, 128, 127, 183, 191, 247, 254, 255)

PACES = [
    *(Pace(calls=calls) for calls in _CALLS),
    *(Pace(trouble=trouble, spared=spared) for trouble in Trouble for spared in _CALLS),
    *(Pace(calls=calls, hidden=hidden) for calls in _CALLS for hidden in _HIDDEN),
    *(
        Pace(trouble=Trouble.LOST, spared=spared, hidden=hidden)
        for spared in _CALLS[:4]
        for hidden in _HIDDEN
    ),
]
