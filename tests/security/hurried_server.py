"""The server, but a minute between two refreshes of the token keys is half a second."""

from __future__ import annotations

import server
from datasources import token_keys

if __name__ == "__main__":
    token_keys.REFRESH_INTERVAL = 0.5
    server.main()
