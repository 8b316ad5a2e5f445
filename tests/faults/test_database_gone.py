"""The server is killed and comes back with an empty database: every credential that hosts and users hold is stale."""

import time
from pathlib import Path

from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.screen import doctor_screen


def test_hosts_collect_on_and_the_doctor_says_how_to_come_back(plane: Plane, host: FaultHost, critical: str):
    measured = Measured.begin(plane, host, critical, windows=50)
    measured.until_pairs(1)
    stale = plane.server.token
    plane.kill()
    for kept in Path(plane.folder).glob("phoenix.db*"):
        kept.unlink()
    gone = time.time()
    plane.start()
    eventually(lambda: any(at > gone + 5 for at in host.scrapes()) or None, "production goes on")

    # With the token of before, and as somebody who has read the new one.
    said = doctor_screen(host, plane.url, stale)
    assert "!! token" in said
    assert "runs on with the last config" in said
    said = doctor_screen(host, plane.url, plane.server.token)
    assert f"phoenix host enrol --name {host.name} --again" in said
    assert "runs on with the last config" in said

    # What it says is done: the supervisor keeps its storage, with a config that this server never made.
    credential = plane.enrol(host.name, host.config, again=True)["credential"]
    host.stop()
    host.write(str(credential))
    host.start()
    back = plane.until_proved(host.name)
    assert back["verified"] == back["desired"]
    assert plane.diagnosis(host.name)["ailment"] == "none"
    assert host.missed_scrapes(measured.since, gone) <= 1
