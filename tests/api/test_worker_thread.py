"""Questions are answered beside one another, each in its own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from threading import Event, get_ident
from typing import Any

import pytest

from api.http.problem import Unavailable
from api.http.settings import Settings
from api.http.worker_thread import Keeper
from ledger.store.sqlite_connection import Connection
from ledger.view import View
from tests.api.asking import Client
from tests.api.story import Told

Asks = Callable[..., Client]
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def keeper_of(told: Told, threads: int = 2, budget_s: float = 60, waiting: int = 10) -> tuple[Keeper[View], list[View]]:
    opened: list[View] = []

    def open_one() -> View:
        opened.append(View.open(told.directory))
        return opened[-1]

    return Keeper("reader", open_one, waiting, threads, budget_s), opened


def test_a_slow_question_makes_no_other_wait(told: Told):
    keeper, opened = keeper_of(told)
    begun, end = Event(), Event()

    def slow(view: View) -> int:
        begun.set()
        assert end.wait(60)
        return view.tree_size

    async def both() -> tuple[int, int]:
        first = asyncio.create_task(keeper.ask(slow))
        await asyncio.to_thread(begun.wait, 60)
        second = await keeper.ask(lambda view: view.tree_size)
        assert not first.done()
        end.set()
        return await first, second

    first, second = asyncio.run(both())
    assert first == second > 0 and len(opened) == 2
    keeper.close()


def test_one_view_answers_where_nobody_asks_at_the_same_time(told: Told):
    keeper, opened = keeper_of(told, threads=3)

    async def one_after_the_other() -> set[int]:
        return {await keeper.ask(lambda view: id(view)) for _ in range(20)}

    assert len(asyncio.run(one_after_the_other())) == len(opened) == 1
    keeper.close()


def test_no_view_answers_two_questions_at_once(told: Told):
    keeper, opened = keeper_of(told, threads=3, waiting=100)
    users: dict[int, int] = {}

    def used(view: View) -> None:
        assert users.setdefault(id(view), get_ident()) == get_ident()
        time.sleep(0.001)
        del users[id(view)]

    async def many() -> None:
        await asyncio.gather(*[keeper.ask(used) for _ in range(60)])

    asyncio.run(many())
    assert 1 <= len(opened) <= 3
    keeper.close()


def endless_reading(view: View) -> Any:
    """What SQLite would never be done with."""
    connection: Connection = view._reader.store._connection
    return connection.one(ENDLESS)


def endless_following(view: View) -> None:
    """What never asks the database anything, for it knows the entry."""
    while True:
        view.at().leaf(0)


@pytest.mark.parametrize("question", [endless_reading, endless_following])
def test_a_question_without_end_is_ended_and_the_next_one_is_answered(told: Told, question: Callable[[View], Any]):
    keeper, opened = keeper_of(told, threads=1, budget_s=0.05)
    with pytest.raises(Unavailable, match="takes longer than the 0.05 seconds") as refused:
        asyncio.run(keeper.ask(question))
    assert (refused.value.rule, refused.value.http_status) == ("too-long", 503)
    assert asyncio.run(keeper.ask(lambda view: len(view.at().entry(0)))) > 0 and len(opened) == 1
    keeper.close()


def test_a_question_that_raises_leaves_its_view_to_the_next(told: Told):
    keeper, opened = keeper_of(told, threads=1)

    def wrong(view: View) -> None:
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(keeper.ask(wrong))
    assert asyncio.run(keeper.ask(lambda view: view.tree_size)) > 0 and len(opened) == 1
    keeper.close()
    assert asyncio.run(keeper.ask(lambda view: view.tree_size)) > 0 and len(opened) == 2, "a later question opens it again"
    keeper.close()


def test_who_asks_for_too_much_is_told_so(asks: Asks):
    client = asks(Settings(budget_s=0))
    for path in ("/v1/donations", "/v1/records", "/v1/entries/0"):
        response = client.get(path)
        assert (response.status_code, response.json()["rule"]) == (503, "too-long"), path
        assert response.headers["retry-after"] == "1" and "less" in response.json()["detail"]
