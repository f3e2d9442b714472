"""Items from plain values, for tests that say what is in a table."""

from __future__ import annotations

from collections.abc import Mapping

from boto3.dynamodb.types import TypeSerializer

from datasources.table import Item


def typed(values: Mapping[str, object]) -> Item:
    """Return `values` as boto3 types them: `{"seq": 7}` becomes `{"seq": {"N": "7"}}`.

    Of types that are not ours are those of True, None, bytes, sets, and Decimals with a point.
    """
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in values.items()}
