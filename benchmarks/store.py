"""The store on both databases: transactions and leases a second beside the bare driver, and the check for overlaps."""

import argparse
import asyncio
import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from tests.support.store.postgres import postgres_server

from phoenix.control.claims import service as claims
from phoenix.control.claims.model import ClaimKind
from phoenix.control.identity.scopes import Role
from phoenix.control.identity.service import Identity
from phoenix.core.clock import SystemClock
from phoenix.core.ids import HostId
from phoenix.store.database import Database
from phoenix.store.leases import Leases
from phoenix.store.migrations.runner import upgrade

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INSERT = "INSERT INTO leases (name, holder, epoch, expires_at) VALUES ({}, 'x', 1, '2026-01-01')"


def main(arguments: list[str]) -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(prog="store", description=__doc__)
    parser.add_argument("--transactions", type=int, default=1000)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--claims", type=int, default=1000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="phoenix-bench-") as folder, postgres_server(durable=True) as server:
        for url in (f"sqlite+aiosqlite:///{folder}/bench.db", server.create()):
            asyncio.run(_bench(url, options))


async def _bench(url: str, options: argparse.Namespace) -> None:
    database = Database.open(url)
    await upgrade(database)
    print(f"{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {options.transactions} transactions of one insert")
    with _bare(url) as insert:
        begun = time.perf_counter()
        for number in range(options.transactions):
            insert(f"bare-{number}")
        bare = (time.perf_counter() - begun) / options.transactions

    async def write(name: str) -> None:
        async with database.transaction() as session:
            await session.execute(text(INSERT.format(":name")), {"name": name})

    names = [str(number) for number in range(options.transactions)]
    leases = Leases(database, SystemClock())

    async def hold(name: str) -> None:
        async with leases.held(f"lease-{name}", 10):
            pass

    identity = Identity(database, SystemClock())
    async with database.transaction() as session:
        issued = await identity.create_token(session, name="bench", role=Role.VIEWER, actor="bench", now=NOW)
    for what, seconds in (
        ("the bare driver, one after another", bare),
        ("transactions, one after another", await _each(write, names)),
        ("transactions, 100 at once", await _each(write, [f"{name}+" for name in names], at_once=100)),
        ("leases taken and given back", await _each(hold, names)),
        ("tokens known, from the cache", await _each(lambda _: identity.authenticate(issued.text), names)),
    ):
        print(f"  {what:38}{1 / seconds:10,.0f} a second{bare / seconds:8.2f} of the bare driver")
    await _overlaps(database, options)
    await database.close()


async def _each(act: Callable[[str], Awaitable[object]], names: list[str], *, at_once: int = 1) -> float:
    slots = asyncio.Semaphore(at_once)

    async def one(name: str) -> None:
        async with slots:
            await act(name)

    begun = time.perf_counter()
    await asyncio.gather(*map(one, names))
    return (time.perf_counter() - begun) / len(names)


async def _overlaps(database: Database, options: argparse.Namespace) -> None:
    hosts = [HostId(f"host-{number}") for number in range(options.hosts)]
    kind = ClaimKind.EXPERIMENT
    async with database.transaction() as session:
        for number in range(options.claims):
            await claims.claim(session, f"exp-{number}", hosts[number :: options.claims], kind, NOW)
    begun = time.perf_counter()
    async with database.read() as session:
        found = await claims.holders(session, hosts, kind)
    seconds = time.perf_counter() - begun
    assert len(found) == options.hosts
    print(f"  {options.hosts} hosts checked against the claims of {options.claims} owners: {seconds * 1000:.0f} ms\n")


@contextlib.contextmanager
def _bare(url: str) -> Iterator[Callable[[str], object]]:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        sqlite = sqlite3.connect(Path(address.database or ""), isolation_level=None)
        sqlite.execute("PRAGMA synchronous=NORMAL")
        yield lambda name: sqlite.execute(INSERT.format("?"), (name,))
        sqlite.close()
    else:
        target = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(target, autocommit=True) as connection:
            yield lambda name: connection.execute(INSERT.format("%s").encode(), (name,))
