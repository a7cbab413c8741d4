"""The page of an import, which is worked on while it is looked at."""

import asyncio

import httpx

AN_IMPORT = 60.0
"""Seconds within which any import of a test has ended, on a busy machine too."""


async def import_ended(browser: httpx.AsyncClient, address: str) -> str:
    """The page of an import, once nothing runs there any more. Raises TimeoutError."""
    async with asyncio.timeout(AN_IMPORT):
        while True:
            page = await browser.get(address)
            assert page.status_code == 200, page.text
            if "Refresh" not in page.headers:
                return page.text
