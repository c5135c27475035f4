"""A browser that is nothing but HTTP, and what the inspector shows it."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

__all__ = ["SCRIPT", "STYLE", "TOLD", "Answer", "Browser"]

SCRIPT = "<script>document.title='owned'</script>"
STYLE = "</style><style>body{display:none}</style>"
TOLD = ["I live in Lisbon", "I'm allergic to peanuts", "My sister Ana is a nurse", "I like tea", "I like coffee"]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    def links(self, path: str) -> list[str]:
        found = map(unescape, re.findall(r'href="([^"]*)"', self.text))
        return [link for link in found if link.startswith(path)]

    def fields(self, action: str) -> dict[str, str]:
        """Return the hidden fields of the form that goes to `action`."""
        form = re.search(rf'<form[^>]*action="{action}".*?</form>', self.text, re.DOTALL)
        assert form, f"no form goes to {action}"
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0])
        return {unescape(name): unescape(value) for name, value in hidden}


@dataclass
class Browser:
    """Keeps the cookie and sends what a browser sends; each header can be replaced, or left out by None."""

    port: int
    token: str
    cookie: str | None = None
    sent: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: str | None = None, **headers: str | None) -> Answer:
        own: dict[str, str | None] = {"host": f"127.0.0.1:{self.port}", "cookie": self.cookie}
        if body is not None:
            own |= {"content-type": "application/x-www-form-urlencoded", "origin": self.origin}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in own.items():
                if value is not None:
                    connection.putheader(name, value)
            data = None if body is None else body.encode()
            if data is not None:
                connection.putheader("content-length", str(len(data)))
            connection.endheaders(data)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read().decode())
        finally:
            connection.close()

    def get(self, path: str, /, **query: str) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def send(self, page: Answer, action: str, **fields: str) -> Answer:
        """Send a form of a page and follow where the answer leads."""
        answer = self.ask("POST", action, urlencode({**page.fields(action), **fields}))
        return self.get(answer.headers["location"]) if answer.status == 303 else answer

    def enter(self) -> Answer:
        """Exchange the token for the cookie."""
        answer = self.get("/", token=self.token)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer
