"""What has to be true of the process before the vendor's modules are imported, and right after.

The vendor's modules read variables of their own, most of them at import: this is the one place that changes those.
"""

import logging
import os


def prepare() -> None:
    """Set and remove the variables that make the vendor's code leak or hang; it reads some of them at import."""
    if os.environ.get("DEBUG", "").lower() == "sdk":
        # Prints requests with their tokens to stderr.
        del os.environ["DEBUG"]
    # A missing metadata service costs seconds; users on ECS set this to false.
    os.environ.setdefault("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
    # Credentials that the chain fetches over plain http would go through this proxy, NO_PROXY or not.
    # The cloud itself is only ever asked over https.
    for name in ("HTTP_PROXY", "http_proxy"):
        os.environ.pop(name, None)


def silence() -> None:
    """Switch off the loggers that write exceptions or addresses with secrets in them, most of them to stderr."""
    for name in ("credentials", "darabonba-core", "alibabacloud-tea"):
        logging.getLogger(name).disabled = True
    # These have child loggers. Both serve only the credential chain; the cloud is asked through aiohttp.
    for name in ("apscheduler", "urllib3"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
