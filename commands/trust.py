"""bin/trust: makes the manifest of the documents that a server with TRUSTED_DOCUMENTS answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from commands.command import CommandError, Parser, command
from commands.output import note
from documents.limits import Limits
from documents.operations import OperationRefused, Operations
from documents.trusted_documents import manifest
from schema.build import build_schema, core_schema

_Definition = TypeVar("_Definition", OperationDefinitionNode, FragmentDefinitionNode)
_SUFFIXES = {".graphql", ".gql"}


@command
def main(argv: Sequence[str] | None = None) -> int:
    parser = Parser(
        "bin/trust",
        "Make the manifest of the operations in .graphql and .gql files, each with the fragments\n"
        "that it uses, from whichever file. All are held to the schema and to the default limits.",
        example="bin/trust ../web/src --write trusted.json",
    )
    parser.add_argument("folders", nargs="+", type=_folder, metavar="FOLDER")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write it there, not to stdout")
    arguments = parser.parse_args(argv)
    operations, fragments = _definitions(arguments.folders)
    documents = [_document(each, fragments) for _, each in sorted(operations.items())]
    _check(documents)
    text = json.dumps(manifest(documents), indent=2) + "\n"
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
        note(f"{arguments.write}: {len(documents)} operations")
    else:
        print(text, end="")
    return 0


def _folder(name: str) -> Path:
    path = Path(name)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{name} is not a folder")
    return path


def _definitions(
    folders: Sequence[Path],
) -> tuple[dict[str, OperationDefinitionNode], dict[str, FragmentDefinitionNode]]:
    operations: dict[str, OperationDefinitionNode] = {}
    fragments: dict[str, FragmentDefinitionNode] = {}
    for path in _files(folders):
        for node in _parsed(path).definitions:
            if isinstance(node, OperationDefinitionNode):
                if node.name is None:
                    raise CommandError(f"{path}: give the operation a name")
                _add(operations, node.name.value, node, path)
            elif isinstance(node, FragmentDefinitionNode):
                _add(fragments, node.name.value, node, path)
    if not operations:
        raise CommandError("there is no operation in these folders")
    return operations, fragments


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)


def _parsed(path: Path) -> DocumentNode:
    try:
        return parse(path.read_text(encoding="utf-8"), no_location=True)
    except GraphQLError as error:
        raise CommandError(f"{path}: {error.message}") from error


def _add(known: dict[str, _Definition], name: str, node: _Definition, path: Path) -> None:
    if known.setdefault(name, node) != node:
        raise CommandError(f"{path}: there is another {name}: rename one of them")


def _document(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> str:
    """The operation's text and that of the fragments that it uses, directly or not."""
    used: dict[str, FragmentDefinitionNode] = {}

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
            name = node.name.value
            if name in fragments and name not in used:
                used[name] = fragments[name]
                visit(fragments[name], self)

    visit(operation, Spreads())
    return print_ast(DocumentNode(definitions=(operation, *(used[name] for name in sorted(used)))))


def _check(documents: Sequence[str]) -> None:
    operations = Operations(core_schema(build_schema()), limits=Limits())
    for text in documents:
        try:
            operations.prepare(text, None)
        except OperationRefused as refused:
            first = text.partition("{")[0].strip()
            why = "; ".join(error.message for error in refused.errors)
            raise CommandError(f"{first}: {why} ({refused.code})") from refused


if __name__ == "__main__":
    sys.exit(main())
