"""What a newcomer is told when everything runs."""

from __future__ import annotations

import shlex
from contextlib import closing

from datasources.registrations import Registrations
from local.data_directory import DEFAULT
from local.ports import LOOPBACK
from local.stack import Stack

_SHOWN = 8  # people
_FIRST = "andrewbrown"  # of the seed: he has the longest conversation


def welcome(stack: Stack, port: int, *, pages: bool) -> str:
    """Where the API is, its pages, who is there, how to sign in, where logs are, how to stop."""
    data = stack.data
    option = "" if data.path == DEFAULT else f" --data-dir {shlex.quote(str(data.path))}"
    with closing(Registrations(stack.environment["DATABASE_URL"])) as registrations:
        handles = [person.handle for person in registrations.people()]
    if handles:
        people = ", ".join(handles[:_SHOWN]) + (", ..." if len(handles) > _SHOWN else "")
        somebody = _FIRST if _FIRST in handles else handles[0]
        token = f"bin/cognito/sign-in{option} {somebody}"
    else:
        people = "nobody yet"
        token = f"bin/cognito/sign-up{option} --help"
    chat = f"http://{LOOPBACK}:{port}/" if pages else "off (WEB_PAGES)"
    graphql = "GraphQL, GraphiQL" if pages else "GraphQL          "
    return f"""
  Chat page          {chat}
  {graphql}  http://{LOOPBACK}:{port}/graphql
  WebSocket          ws://{LOOPBACK}:{port}/graphql (graphql-transport-ws)
  People             {people}
  A token            {token}
  Settings, logs     {data.dev_env}, {data.logs}
  Stop               Ctrl-C
"""
