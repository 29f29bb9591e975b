"""Runs in a process of its own: makes a call fail, and shows all that could be shown of the failure.

Usage: leak_probe.py STEPS, a JSON list of {"options": for `CloudOptions`, "files": {path: text, or null to remove}}.
"""

import asyncio
import json
import logging
import sys
import threading
import traceback
from pathlib import Path

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.texts.render import render


def everything(error: BaseException) -> str:
    shown = [str(error), repr(error), repr(vars(error)), repr(error.args)]
    shown += traceback.format_exception(error)
    for other in (error.__cause__, error.__context__):
        if other is not None:
            shown.append(f"TRAVELS ALONG: {everything(other)}")
    if isinstance(error, CloudError):
        shown += [error.explain(), render(error.sentence, "zh"), f"kind={error.kind}"]
    return "\n".join(shown)


def write(files: dict[str, str | None]) -> None:
    for path, text in files.items():
        if text is None:
            Path(path).unlink()
        else:
            Path(path).parent.mkdir(exist_ok=True)
            Path(path).write_text(text)


async def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    for step in json.loads(sys.argv[1]):
        write(step["files"])
        sys.stdout.write("STEP\n")
        async with Cloud(CloudOptions(**step["options"])) as cloud:
            for call in (cloud.identity, lambda cloud=cloud: cloud.get_instance("cn-hangzhou", "dsw-12345678")):
                try:
                    sys.stdout.write(f"{await call()!r}\n")
                except CloudError as error:
                    sys.stdout.write(everything(error))
    sys.stdout.write(f"THREADS {[thread.name for thread in threading.enumerate()]}")


asyncio.run(main())
