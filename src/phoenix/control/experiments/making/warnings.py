"""What a plan warns of: an experiment that is possible, and not what one wants."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.experiments.making.composing import Prepared
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Host


async def warnings(rooms: Rooms, session: AsyncSession, hosts: Sequence[Host], prepared: Prepared) -> tuple[str, ...]:
    """Return a sentence for each thing that the user should know before it starts."""
    cut: dict[tuple[str, ...], list[str]] = {}
    # Thousands of hosts share a config: each is looked at once.
    exporters: dict[str | None, frozenset[str]] = {}
    for host in hosts:
        steady = host.verified or host.fallback
        if steady not in exporters:
            exporters[steady] = frozenset(await rooms.fleet.steady_exporters(session, host))
        if left := tuple(sorted(exporters[steady] - set(prepared.composed.exporters))):
            cut.setdefault(left, []).append(host.name)
    return tuple(_cut(names, left) for left, names in cut.items())


def _cut(hosts: Sequence[str], exporters: Sequence[str]) -> str:
    # The baseline's arm is production while the experiment runs, and promoting keeps its exporters.
    named = hosts[0] if len(hosts) == 1 else f"{hosts[0]} and {len(hosts) - 1} more"
    return (
        f"Production changes: {named} sends to {', '.join(exporters)} now, which the baseline lacks: nothing goes "
        "there while the experiment runs, nor after a promotion. To keep it, let the config that runs now be the "
        "baseline: `--baseline FILE.yaml`."
    )
