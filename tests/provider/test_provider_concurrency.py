import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from provider_client import Client, user

WORKERS = 8


@pytest.fixture(autouse=True)
def hasty_interpreter() -> Iterator[None]:
    """Threads take turns every few bytecodes, so that what is not guarded is caught in the act."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


def _at_once(work: Callable[[int], object]) -> list[object]:
    """The results of ``work(0)``, ``work(1)``, … started at the same time in threads."""
    barrier = Barrier(WORKERS)

    def run(number: int) -> object:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_one_of_parallel_creations_of_one_name_wins() -> None:
    client = Client()
    for _ in range(20):
        statuses = _at_once(lambda number: client.post("/Users", user("ada")).status)
        assert sorted(statuses) == [201] + [409] * (WORKERS - 1)  # type: ignore[type-var]
        client.delete("/Users/" + client.find("/Users", 'userName eq "ada"').ids[0])


def test_parallel_patches_lose_nothing() -> None:
    """Every one of the added values is there in the end."""
    client = Client()
    path = "/Users/" + client.user()["id"]

    def add(number: int) -> None:
        for step in range(10):
            client.patch(path, {"op": "add", "path": "emails", "value": [{"value": f"{number}.{step}@x.org"}]})

    _at_once(add)
    assert len(client.get(path).body["emails"]) == WORKERS * 10


def test_parallel_membership_changes_lose_nothing() -> None:
    client = Client()
    users = [client.user(f"user{number}")["id"] for number in range(WORKERS * 5)]
    path = "/Groups/" + client.group()["id"]

    def join(number: int) -> None:
        for member in users[number::WORKERS]:
            client.patch(path, {"op": "Add", "path": "members", "value": [{"value": member}]})
            client.get(path)

    _at_once(join)
    assert {member["value"] for member in client.get(path).body["members"]} == set(users)


def test_conditional_writers_take_turns() -> None:
    """Of writers who saw the same version one succeeds."""
    client = Client()
    created = client.user()
    path, tag = "/Users/" + created["id"], created["meta"]["version"]
    statuses = _at_once(lambda number: client.put(path, user(title=str(number)), if_match=tag).status)
    assert sorted(statuses) == [200] + [412] * (WORKERS - 1)  # type: ignore[type-var]


def test_lists_are_consistent_while_others_write() -> None:
    client = Client()

    def work(number: int) -> None:
        for step in range(10):
            made = client.user(f"u{number}.{step}")
            body = client.get("/Users", "count=1000").body
            assert body["totalResults"] == len(body["Resources"])
            client.delete("/Users/" + made["id"])

    _at_once(work)
    assert client.get("/Users").body["totalResults"] == 0


def test_walks_through_pages_meet_everybody_who_stays() -> None:
    """Who neither comes nor goes is on the pages of a walk by cursor, once, whatever others write meanwhile."""
    client = Client(cursor_supported=True)
    staying = {client.user(f"stays{number}")["id"] for number in range(20)}

    def work(number: int) -> None:
        if number % 2:
            for step in range(5):
                client.delete("/Users/" + client.user(f"u{number}.{step}")["id"])
            return
        seen: list[str] = []
        answer = client.get("/Users", "count=7&cursor=")
        seen += answer.ids
        while "nextCursor" in answer.body:
            answer = client.get("/Users", "count=7&cursor=" + answer.body["nextCursor"])
            seen += answer.ids
        assert staying <= set(seen)
        assert len(seen) == len(set(seen))

    _at_once(work)
