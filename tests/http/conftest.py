"""What the tests over HTTP share: an identity provider of their own."""

from collections.abc import AsyncGenerator

import pytest

from tests.http.provider import Provider, provider


@pytest.fixture
async def idp() -> AsyncGenerator[Provider]:
    async with provider() as running:
        yield running
