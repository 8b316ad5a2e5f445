"""The fleet's own share of 10,000 hosts on one database: to take them, to leave them in peace, one config to all.

No sockets: what the OpAMP endpoint costs is another benchmark. Agents answer at once, as the stock supervisor would; a
meter that is told says that every exporter sends.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert, select
from tests.support.fleet import USER_CONFIG, SteppedClock
from tests.support.hosts.connected import FakeAgent, World
from tests.support.store.postgres import postgres_server

from phoenix.control.fleet.model import Host, Phase
from phoenix.control.fleet.selector import Selector
from phoenix.control.fleet.tables import HostRow
from phoenix.core.ids import HostId
from phoenix.store.database import Database
from phoenix.store.migrations.runner import upgrade


def main(arguments: list[str]) -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(prog="fleet", description=__doc__)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--sqlite-only", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="phoenix-bench-") as folder:
        asyncio.run(_bench(f"sqlite+aiosqlite:///{folder}/bench.db", options.hosts))
    if not options.sqlite_only:
        with postgres_server(durable=True) as server:
            asyncio.run(_bench(server.create(), options.hosts))


class _Lap:
    """Prints what passed since the last line: wall time, processor time, and both a host."""

    def __init__(self, hosts: int) -> None:
        self._hosts = hosts
        self._start()

    def _start(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def end(self, what: str) -> None:
        wall, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        share = processor / self._hosts * 1e3
        print(f"  {what:<42} {wall:8.2f} s  {processor:8.2f} s of one core  {share:7.3f} ms a host")
        self._start()


async def _bench(url: str, count: int) -> None:
    database = Database.open(url)
    await upgrade(database)
    world = World(database, SteppedClock())
    print(f"{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {count:,} hosts")
    hosts = await _enrol_all(world, count)
    lap = _Lap(count)
    async with database.read() as session:
        await world.fleet.hosts(session, Selector.parse("name!=h0"))
    lap.end("list all but one by a selector")
    agents = await asyncio.gather(*(world.connect(host, uid=f"uid-{host.id}") for host in hosts))
    lap.end("connect, and offer each its config")
    await _prove_all(world, hosts, agents)
    lap.end("apply, report twice, prove")
    world.clock.step(20)
    await world.reconciler.step()
    lap.end("write when all were heard last")
    for _ in range(20):
        await world.step()
    lap.end("twenty steps (10 s) with nothing to do")
    candidate = await world.candidate()
    async with database.transaction() as session:
        ids = [host.id for host in hosts]
        await world.fleet.set_desired(session, ids, candidate.id, reason="bench", now=world.clock.now())
    lap.end("want another config on all")
    await world.step()
    assert all(agent.supervisor.got[-1] == candidate.digest for agent in agents)
    lap.end("offer it to all")
    for host in hosts:
        world.telemetry.arms["exp-1", host.id, "baseline"] = world.clock.now()
    await _prove_all(world, hosts, agents)
    lap.end("apply, report twice, prove")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {'peak memory of this process':<42} {peak:8.0f} MiB, the fake agents among it")
    await database.close()


async def _enrol_all(world: World, count: int) -> list[Host]:
    """Enrol one host as the product does, and the others by copying its row."""
    first = await world.enrol("h0", USER_CONFIG)
    async with world.database.read() as session:
        row = (await session.execute(select(HostRow.__table__))).mappings().one()
    names = [(HostId(f"host-{number:06}"), f"h{number}") for number in range(1, count)]
    rows = [{**row, "id": host_id, "name": name} for host_id, name in names]
    async with world.database.transaction() as session:
        await session.execute(insert(HostRow), rows)
    return [first, *(replace(first, id=host_id, name=name) for host_id, name in names)]


async def _prove_all(world: World, hosts: Sequence[Host], agents: Sequence[FakeAgent]) -> None:
    await asyncio.gather(*map(world.talk, agents))
    for _ in range(3):
        for host, agent in zip(hosts, agents, strict=True):
            world.tell(host, agent)
        await world.step()
    proved = [session for session in world.agents.sessions.values() if session.track.phase is Phase.PROVED]
    assert len(proved) == len(hosts), f"{len(proved)} of {len(hosts)} hosts were proved"
