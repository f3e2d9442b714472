"""Which broker the update bus is on."""

from __future__ import annotations

from urllib.parse import urlsplit

from datasources.line import Connect


def line_to(bus_url: str) -> Connect:
    """Return what opens a line to the broker at `bus_url`: by its scheme, Redis or Postgres.

    Only that one's driver is loaded: a Lambda's cold start would wait for both.
    """
    if urlsplit(bus_url).scheme in ("redis", "rediss"):
        from datasources.redis_line import line_to_redis  # noqa: PLC0415

        return line_to_redis(bus_url)
    from datasources.postgres_line import line_to_postgres  # noqa: PLC0415

    return line_to_postgres(bus_url)
