"""The running portal as a client of its API: what the check of the demonstration speaks to."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

from bin import serve

PASSWORD = "a long demonstration password"  # noqa: S105 – of invented people, printed at each start


class Unexpected(Exception):
    """The portal did not answer as it should; the text says which step, and what came instead."""


@dataclass
class Portal:
    """The running portal, spoken to as a client of its API."""

    port: int
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer; Unexpected on any status that is no success."""
        return json.loads(self.text(method, path, body))

    def text(self, method: str, path: str, body: Any = None) -> str:
        """The answer as text; Unexpected on any status that is no success."""
        return self.content(method, path, body).decode()

    def content(self, method: str, path: str, body: Any = None) -> bytes:
        """The answer as bytes; Unexpected on any status that is no success."""
        headers = {"Accept": "*/*", "Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        sent = None
        if body is not None:
            sent = json.dumps(body)
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(serve.HOST, self.port, timeout=60)
        connection.request(method, f"/api/v1/{path}", body=sent, headers=headers)
        answer = connection.getresponse()
        received = answer.read()
        if answer.status >= http.HTTPStatus.MULTIPLE_CHOICES:
            said = received[:500].decode(errors="replace")
            raise Unexpected(f"{method} /api/v1/{path} answered {answer.status}: {said}")
        return received

    def log_in(self, username: str) -> None:
        """Exchange the password of somebody of the demonstration for a token."""
        self.token = self.ask("POST", "tokens/", {"username": username, "password": PASSWORD})["token"]
