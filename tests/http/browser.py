"""A browser for the approval page: it keeps cookies, follows redirects, and sends forms as browsers do."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientResponse, ClientSession, DummyCookieJar

from tests.http.site import Site

HOST: Final = "dsw.example.com"
PUBLIC: Final = f"https://{HOST}"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass
class Browser:
    """One person's browser. The server's public name leads to `site`, as a proxy would lead it there."""

    site: Site
    session: ClientSession
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    set_cookies: list[str] = field(default_factory=list[str])

    async def open(self, url: str, *, hops: int = 5) -> tuple[int, str]:
        """The page where the redirects end."""
        status, text, location = await self.step(url)
        for _ in range(hops):
            if location is not None:
                status, text, location = await self.step(location)
        return status, text

    async def step(self, url: str, **headers: str) -> tuple[int, str, str | None]:
        """One request, and where it sends the browser, if anywhere."""
        async with self.session.get(
            self._at(url), headers=self._headers(url) | headers, allow_redirects=False
        ) as reply:
            self._keep(reply)
            location = reply.headers.get("Location")
            return reply.status, await reply.text(), location and self._whole(location)

    async def send(self, url: str, headers: dict[str, str] | None = None, **form: str) -> tuple[int, str]:
        """A form of the page at this address, with its token unless another one is given."""
        path = urlsplit(url).path
        if "token" not in form:
            form["token"] = token_in((await self.open(url))[1], sign_out=path == "/sign-out")
        own = {"Origin": PUBLIC, "Content-Type": FORM, "Sec-Fetch-Site": "same-origin"} | (headers or {})
        sent = self._headers(url) | {name: value for name, value in own.items() if value}
        async with self.session.post(self._at(url), data=urlencode(form), headers=sent) as reply:
            self._keep(reply)
            return reply.status, await reply.text()

    def _at(self, url: str) -> str:
        return url.replace(PUBLIC, f"http://{self.site.at}")

    def _whole(self, location: str) -> str:
        return PUBLIC + location if location.startswith("/") else location

    def _headers(self, url: str) -> dict[str, str]:
        if not url.startswith(PUBLIC):
            return {}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": HOST, "Accept-Language": "en"} | ({"Cookie": cookies} if cookies else {})

    def _keep(self, reply: ClientResponse) -> None:
        for each in reply.headers.getall("Set-Cookie", []):
            self.set_cookies.append(each)
            name, _, value = each.partition(";")[0].partition("=")
            if value.strip('"'):
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


def token_in(html: str, *, sign_out: bool = False) -> str:
    """The token of the form that decides, or of the one that signs out."""
    place = 'action="/sign-out[^>]*>.*?' if sign_out else 'action="[?][^>]*>'
    found = re.search(place + '<input type="hidden" name="token" value="([0-9a-f]{64})"', html)
    return found[1] if found else ""


@asynccontextmanager
async def browser(site: Site, **options: Any) -> AsyncGenerator[Browser]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield Browser(site, session, **options)
