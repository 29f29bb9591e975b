"""What a question lets a person read and do, at whichever channel: never what a server says about it."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, Final, cast

from evals.records import Offered

_LINES: Final = frozenset(
    {"body", "dd", "details", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "header", "label", "li"}
    | {"main", "nav", "ol", "p", "section", "summary", "table", "tr", "ul"}
)
"""Elements that begin a line. A name and its value in one row stay on one line."""
_IN_A_ROW: Final = frozenset({"dd"})
_IN_A_WORD: Final = frozenset({"bdi"})
_UNSEEN: Final = frozenset({"head", "noscript", "script", "style", "template"})
_EMPTY: Final = frozenset({"br", "hr", "img", "input", "link", "meta"})


def offered_by_form(schema: Mapping[str, Any]) -> Offered:
    """What a form's schema offers: the choices with their titles, what is filled in already, and its every word."""
    fields: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
    decision = fields.get("decision", {})
    choices = {str(each.get("const")): str(each.get("title")) for each in decision.get("oneOf", [])}
    filled = [name for name, field in fields.items() if field.get("default") not in (None, "")]
    return Offered(
        choices=choices,
        filled_in=filled,
        wants_name=bool({"instance_name", "remaining"} & fields.keys()),
        words=str(schema),
    )


def read_page(html: str) -> tuple[str, Offered]:
    """The lines that a person sees on a page, and what can be done there.

    What is hidden in the markup is not seen; what a style sheet hides, this cannot tell.
    """
    page = _Page()
    page.feed(html)
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.seen).splitlines())
    filled = page.filled_in + (["script"] if page.has_script else [])
    offered = Offered(choices=page.choices, filled_in=filled, wants_name=page.wants_name, keeps=page.keeps, words=html)
    return "\n".join(filter(None, lines)), offered


class _Page(HTMLParser):
    """Collects what is seen, line by line, and the buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.choices: dict[str, str] = {}
        self.filled_in: list[str] = []
        self.wants_name = False
        self.has_script = False
        self.keeps: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._button: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.has_script |= tag == "script" or any(name.startswith("on") for name in given)
        self._control(tag, given)
        if tag in _EMPTY:
            return
        self.seen.append(_gap(tag))
        # Styles of its own have no place on a page whose policy allows one style sheet: they are there to hide.
        hides = tag in _UNSEEN or "hidden" in given or "style" in given or given.get("aria-hidden") == "true"
        self._open.append((tag, hides))

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None
        if any(each == tag for each, _ in self._open):
            while self._open.pop()[0] != tag:
                continue
        self.seen.append(_gap(tag))

    def handle_data(self, data: str) -> None:
        if any(hides for _, hides in self._open):
            return
        self.seen.append(" ".join(data.splitlines()))
        if self._button is not None:
            self.choices[self._button] = self.choices.get(self._button, "") + data.strip()

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name")
        if tag == "button" and name == "decision":
            self._button = given.get("value", "")
        elif tag == "input" and name == "instance_name" and given.get("type") != "hidden":
            self.wants_name = True
            self.filled_in += ["instance_name"] if given.get("value") else []
        elif tag == "input" and name == "keep" and given.get("type") == "checkbox" and "checked" in given:
            self.keeps.append(given.get("value", ""))
        elif tag in ("input", "select") and name == "decision":
            # A choice that is not a button is made before anybody presses one.
            self.filled_in.append("decision")


def _gap(tag: str) -> str:
    if tag in _IN_A_WORD:
        return ""
    return "\n" if tag in _LINES - _IN_A_ROW else " "


def schema_of(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema in the parameters of a form; empty where the person is not asked in a form."""
    schema = parameters.get("requestedSchema")
    return cast("Mapping[str, Any]", schema) if isinstance(schema, Mapping) else {}
