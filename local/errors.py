"""What can go wrong with the embedded default. Each text says what to do next.

LauncherError
├── EnvironmentFailed  .venv or .venv-local cannot be made
├── DataDirectoryUnusable  in use, somebody else's, or damaged
├── StillRunning  a process of an earlier start does not end
├── ProcessFailed  a child did not start, or failed
├── PostgresMissing  the Postgres programs are not where the lock file puts them
├── NoAccount  root has no unprivileged account for Postgres
├── ClusterOfOtherVersion  the cluster was made by another major version of Postgres
└── PortTaken  the server's port
"""

from __future__ import annotations


class LauncherError(Exception):
    """The root of them all."""


class EnvironmentFailed(LauncherError):
    pass


class DataDirectoryUnusable(LauncherError):
    pass


class StillRunning(LauncherError):
    pass


class ProcessFailed(LauncherError):
    pass


class PostgresMissing(LauncherError):
    pass


class NoAccount(LauncherError):
    pass


class ClusterOfOtherVersion(LauncherError):
    pass


class PortTaken(LauncherError):
    pass
