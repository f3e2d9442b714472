"""Asks a server on this machine whether it is ready."""

from __future__ import annotations

import http.client

from local.ports import LOOPBACK


class HttpCheck:
    """True, when it is called, if `path` answers 200. `symptom` tells what came instead."""

    def __init__(self, port: int, path: str) -> None:
        self._port = port
        self._path = path
        self._symptom = "it was not asked yet"

    def __call__(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=2)
        try:
            connection.request("GET", self._path)
            answer = connection.getresponse()
            self._symptom = f"{self._path} answers {answer.status} {answer.read(1000).decode()}"
        except (OSError, http.client.HTTPException) as error:
            self._symptom = f"{self._path} does not answer: {error}"
            return False
        finally:
            connection.close()
        return answer.status == http.HTTPStatus.OK

    def symptom(self) -> str:
        return self._symptom
