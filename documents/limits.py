"""What one document may ask for: its size and its shape. What it costs is in cost.py.

Both depend on the text alone, so they are checked once per document, with its validation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    visit,
)

from documents.selections import Fold, fragments_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most of each that a document may have.

    `lines`: graphql-core counts them anew for each place of an error. `alias_length` is that of the
    longest alias: each item of a page answers with it. `repeats` is how often a selection set may
    give the same name to a field: to validate that takes the square of it. `cost` counts fields;
    those inside a page count as often as the page is long (`first` or `last`, else `page_size`).
    """

    tokens: int = 1_000
    lines: int = 2_000
    depth: int = 10
    aliases: int = 15
    alias_length: int = 100
    directives: int = 15
    repeats: int = 10
    root_fields: int = 10
    cost: int = 5_000
    page_size: int = 20


def check_text(source: str, limits: Limits) -> list[GraphQLError]:
    """Return an error if a text, whatever it is, goes over a limit."""
    return _errors(("lines", 1 + source.count("\n") + source.count("\r"), limits.lines))


def check_size(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Return an error for each limit of its size that a `document`, valid or not, goes over."""
    counter = _Counter()
    visit(document, counter)
    return _errors(
        ("aliases", counter.aliases, limits.aliases),
        ("characters in an alias", counter.alias_length, limits.alias_length),
        ("directives", counter.directives, limits.directives),
        ("repetitions of a field", counter.repeats, limits.repeats),
    )


def check_shape(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Return an error for each limit of its shape that a valid `document` goes over."""
    fragments = fragments_of(document)
    measured = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            depth = Fold(fragments, _deeper, max).of(node.selection_set)
            roots = Fold(fragments, _one, sum).of(node.selection_set)
            measured += [
                ("levels", depth, limits.depth),
                ("root fields", roots, limits.root_fields),
            ]
    return _errors(*measured)


def _errors(*measured: tuple[str, int, int]) -> list[GraphQLError]:
    return [
        GraphQLError(f"The document has {number} {what}; at most {most} are allowed.")
        for what, number, most in measured
        if number > most
    ]


def _deeper(_: FieldNode, inner: int) -> int:
    return 1 + inner


def _one(_node: FieldNode, _inner: int) -> int:
    return 1


class _Counter(Visitor):
    """Counts what is written, wherever it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0
        self.alias_length = 0
        self.directives = 0
        self.repeats = 0

    def enter_selection_set(
        self, node: SelectionSetNode, _key: object, parent: object, *_: object
    ) -> None:
        if not isinstance(parent, InlineFragmentNode):  # counted where that stands
            self.repeats = max(self.repeats, *Counter(_names(node)).values(), 0)

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.alias:
            self.aliases += 1
            self.alias_length = max(self.alias_length, len(node.alias.value))

    def enter_directive(self, *_: object) -> None:
        self.directives += 1


def _names(selections: SelectionSetNode) -> Iterator[str]:
    """The names of fields that are answered together: those in inline fragments, too."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield (node.alias or node.name).value
        elif isinstance(node, InlineFragmentNode):
            yield from _names(node.selection_set)
