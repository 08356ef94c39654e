"""A client of the app, without a network."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.http.settings import Settings

HERE = "127.0.0.1"
FAR = "203.0.113.7"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class Client:
    """Asks an app. `peer` is the address that the requests come from, `accept` the form that they prefer; an error that nobody
    foresaw is raised, or with `hides_errors` answered as a server would."""

    def __init__(self, app: FastAPI, peer: str = HERE, hides_errors: bool = False, accept: str = "*/*") -> None:
        self.app, self._accept = app, accept
        transport = httpx.ASGITransport(app=app, client=(peer, 40000), raise_app_exceptions=not hides_errors)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://ledger.test")
        self._loop = asyncio.Runner()

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        """One request. Header names are written with `_` for `-`."""
        return self._loop.run(self._asked(method, path, headers))

    def ask_at_once(self, path: str, times: int) -> list[httpx.Response]:
        """The same request so many times, none waiting for another."""

        async def all_of_them() -> list[httpx.Response]:
            return await asyncio.gather(*[self._asked("GET", path, {}) for _ in range(times)])

        return self._loop.run(all_of_them())

    async def _asked(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._http.request(method, path, headers={"accept": self._accept, **named})

    def get(self, path: str, **headers: str) -> httpx.Response:
        """GET."""
        return self.ask("GET", path, **headers)

    def json(self, path: str, **headers: str) -> Any:
        """What is answered with status 200."""
        response = self.get(path, **headers)
        assert response.status_code == 200, response.text
        return response.json()

    def items(self, path: str) -> list[Any]:
        """All items of a list, page by page, by the addresses that the `Link` header gives."""
        items, address = [], path
        while address:
            response = self.get(address)
            assert response.status_code == 200, response.text
            items += response.json()["items"]
            address = response.links["next"]["url"] if "next" in response.links else ""
        return items

    def close(self) -> None:
        """Let go of the ledger."""
        self.app.state.window.close()
        self._loop.close()


def client_of(directory: Path, settings: Settings | None = None, **how: Any) -> Client:
    """A client of the ledger in a directory."""
    return Client(create_app(directory, settings or Settings()), **how)
