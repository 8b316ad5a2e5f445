"""Our side is away for more than a minute in the middle of a measurement: the server, or its ingest alone."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import WINDOW_SECONDS, Measured
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.screen import doctor_screen
from tests.support.trouble.proxy import Proxy, Way

from phoenix.collector.binary.build import Built

WINDOWS = 6
AWAY_SECONDS = 66.0


@dataclass
class Outage:
    """Both at once, since each takes a minute in which nothing happens; and what was said meanwhile."""

    server: Measured
    ingest: Measured
    said_of_server: str = ""
    said_of_ingest: str = ""
    paused: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def outage(built_programs: Built, tmp_path_factory: pytest.TempPathFactory, critical: str) -> Iterator[Outage]:
    folder = tmp_path_factory.mktemp("away")
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("PHOENIX_CRITICAL_PROCESSES", critical)
        plain = Plane(folder / "plain", {"WINDOW": "3s"})
        behind = Plane(folder / "behind", {"WINDOW": "3s"})
        proxy = stack.enter_context(closing(Proxy(behind.port)))
        # Where collectors send: supervisors are given the server's own address.
        behind.settings["PUBLIC_URL"] = proxy.url
        hosts = [_host(stack, plane, built_programs) for plane in (plain, behind)]
        server, ingest = (Measured.begin(host.plane, host, critical, windows=WINDOWS) for host in hosts)
        outage = Outage(server, ingest)
        for measured in (server, ingest):
            measured.until_pairs(1)
        _away(outage, proxy)
        for measured in (server, ingest):
            measured.end()
        yield outage


def _host(stack: ExitStack, plane: Plane, built: Built) -> FaultHost:
    plane.start()
    stack.callback(plane.stop)
    host = FaultHost(plane, built, plane.folder.with_suffix(".host"))
    host.enrol()
    host.start()
    stack.callback(host.stop)
    return host


def _away(outage: Outage, proxy: Proxy) -> None:
    server, ingest = outage.server, outage.ingest
    gone, token = time.monotonic(), server.plane.server.token
    proxy.turn(Way.HANGING)
    server.plane.stop()
    outage.said_of_server = doctor_screen(server.host, server.plane.url, token)
    outage.paused = eventually(
        lambda: status if (status := ingest.plane.status(ingest.experiment))["waiting"] else None,
        "paused",
        otherwise=lambda: ingest.plane.status(ingest.experiment),
    )
    proxy.turn(Way.REFUSING)
    ingest.plane.until_ails(ingest.host.name, "ingest_away")
    outage.said_of_ingest = doctor_screen(ingest.host, ingest.plane.url, ingest.plane.server.token)
    time.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - gone)))
    server.plane.start()
    proxy.turn(Way.OPEN)


def _check(measured: Measured) -> None:
    """Nothing was rolled back, nothing was lost, and what was not seen is no data."""
    measured.completes()
    # Offered to the host: its own config, the experiment's once, and its own again at the end.
    history = measured.plane.history(measured.host.name)
    offers = [event["revision"] for event in history if event["kind"] == "offered"]
    assert offers == [measured.before["verified"], offers[1], measured.before["verified"]], history
    assert len(measured.gaps) >= (AWAY_SECONDS - 10) / WINDOW_SECONDS, "what was not seen is told, window by window"


def test_the_server_away_for_a_minute_pauses_the_measurement(outage: Outage):
    _check(outage.server)
    assert "phoenix up" in outage.said_of_server
    assert "runs on with the last config" in outage.said_of_server


def test_the_ingest_away_for_a_minute_pauses_and_never_rolls_back(outage: Outage):
    _check(outage.ingest)
    assert outage.paused["phase"] == "running"
    assert "ingest may be away" in outage.paused["waiting"]
    assert "production is not touched" in outage.said_of_ingest
