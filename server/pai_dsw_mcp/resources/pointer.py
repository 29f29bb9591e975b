"""Where a reader of an error finds more: the page of errors, and the section on this one."""

from typing import Final
from urllib.parse import quote

from pai_dsw_mcp.errors import CloudError, PaiDswError
from pai_dsw_mcp.resources.documents import REFERENCES, documents
from pai_dsw_mcp.resources.sections import sections

_PAGE: Final = f"{REFERENCES}/errors.md"


def where_to_read(error: PaiDswError) -> str | None:
    """The address of the section on the service's own code, else on the kind of error; None without a page.

    A code is untrusted text: it appears only if the page has a section of exactly this name.
    """
    try:
        page = documents().get(_PAGE)
    except OSError:
        # An error is reported even if its page cannot be read.
        return None
    if page is None:
        return None
    known = sections(page.text)
    code = error.code if isinstance(error, CloudError) else None
    name = next((each for each in (code, error.kind.value) if each in known), None)
    return page.uri if name is None else f"{page.uri}#{quote(name)}"
