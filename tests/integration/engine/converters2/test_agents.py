"""UserAgent names what the collector names: real agents, and texts made of the words that its tables look for."""

import random
import re
from importlib.resources import files

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.values import FEW, rows_of

AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.113 Mobile",
    "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54",
    "curl/8.7.1",
    "Wget/1.21.4",
    "Go-http-client/1.1",
    "python-requests/2.32.3",
    "okhttp/4.12.0",
    "kube-probe/1.29",
    "Prometheus/2.53.0",
    "OpenTelemetry Collector Contrib/0.160.0 (linux/amd64)",
    "Dalvik/2.1.0 (Linux; U; Android 11; SM-G960F Build/RP1A.200720.012)",
    "Roku/DVP-9.10 (519.10E04111A)",
    "os/macos#14.5",
    "CFNetwork/1496.0.7 Darwin/23.5.0",
    "größe Firefox/3.5",
    "日本 Chrome/99.1",
    "a\x00b Firefox/2",
    "Firefox/\udcff",
)
_WORD = re.compile(r"[A-Za-z][A-Za-z_. -]{2,}")


def _made() -> list[str]:
    pick = random.Random(11)
    tables = "".join(
        files("phoenix.engine.functions.agents").joinpath(name).read_text(encoding="utf-8")
        for name in ("browsers.tsv", "systems.tsv")
    )
    words = sorted({word.replace("\\", "") for word in _WORD.findall(tables)})
    forms = ("{0}/{n}", "{0} {n}", "{0}", "({0}; {1} {n})", "{0}; {1}/{n} {2}", "{1}-{n}", "{0}{n}", "{0} {1}")
    texts = []
    for _ in range(2500):
        number = ".".join(str(pick.randrange(30)) for _ in range(pick.randint(1, 4)))
        parts = [pick.choice(forms).format(*pick.choices(words, k=3), n=number) for _ in range(pick.randint(1, 3))]
        texts.append(pick.choice(["", "Mozilla/5.0 "]) + " ".join(parts))
    return texts


def test_an_agent_is_named_as_the_collector_names_it(harness):
    calls = [call("UserAgent", user_agent=Attribute("a"))]
    assert disagreements(harness, calls, rows_of([*FEW, *AGENTS, *_made()])) == []
