"""What a person does in a browser with an approval page, for the demo: reads it, types the name, presses Approve."""

import urllib.request
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

_LINES: Final = frozenset({"h1", "h2", "p", "li", "div", "header", "footer", "section", "label", "summary", "button"})
"""Elements that begin a line of their own."""
_UNSEEN: Final = frozenset({"style", "script", "title"})


class Page(HTMLParser):
    """The text of a page, line by line, and its form."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._lines: list[str] = [""]
        self._hidden: dict[str, str] = {}
        self._action = url
        self._is_seen = True
        self._drawn = 0  # open elements of a countdown that only a browser draws
        self.wants_name = False
        # Loopback: a proxy of this machine has no part in it.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with self._opener.open(url, timeout=10) as reply:
            self.feed(reply.read().decode())

    @property
    def lines(self) -> list[str]:
        """What a person reads."""
        return [line for line in (" ".join(each.split()) for each in self._lines) if line]

    def approve(self, name: str) -> None:
        """Sends the form, as the button Approve does."""
        form = {**self._hidden, "decision": "approve"} | ({"instance_name": name} if self.wants_name else {})
        parts = urlsplit(self._url)
        request = urllib.request.Request(  # noqa: S310  # the page's own address
            urljoin(self._url, self._action),
            data=urlencode(form).encode(),
            headers={"Origin": f"{parts.scheme}://{parts.netloc}"},
        )
        self._opener.open(request, timeout=10).close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes the fields of the form, and where a line begins."""
        found = {name: value or "" for name, value in attrs}
        self._is_seen = tag not in _UNSEEN
        if tag == "span" and (self._drawn or "aria-hidden" in found):
            self._drawn += 1
        if tag in _LINES:
            self._lines.append("")
        if tag == "form":
            self._action = found["action"]
        if found.get("type") == "hidden":
            self._hidden[found["name"]] = found["value"]
        self.wants_name = self.wants_name or found.get("name") == "instance_name"

    def handle_data(self, data: str) -> None:
        """Adds to the line."""
        if self._is_seen and not self._drawn:
            self._lines[-1] += f" {data}"

    def handle_endtag(self, tag: str) -> None:
        """What follows a style sheet or a countdown is text again."""
        if tag == "span" and self._drawn:
            self._drawn -= 1
        self._is_seen = self._is_seen or tag in _UNSEEN
