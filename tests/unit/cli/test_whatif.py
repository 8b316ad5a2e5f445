import json
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.cli import run_here
from tests.support.command_lines import options_of
from tests.support.replay.process_requests import scrapes

from phoenix.cli import whatif
from phoenix.cli.evaluation.evaluators import Answer, EvaluatorChoice
from phoenix.cli.evaluation.pricing import PricingOptions
from phoenix.cli.whatif import WhatifOptions
from phoenix.collector.errors import ConfigRefusedError
from phoenix.settings.output_format import OutputFormat
from phoenix.telemetry.storage import save

CONFIG = """receivers:
  host_metrics: {collection_interval: 30s}
exporters:
  debug: {}
service:
  pipelines:
    metrics: {receivers: [host_metrics], exporters: [debug]}
"""


class FakeEvaluator:
    """Keeps the first half of the processes, whatever the config; refuses a config that says so."""

    def answer(self, config, _capture, **_more):
        if "refuse me" in config.text:
            raise ConfigRefusedError(f"{config.source}:2:3: no", place=f"{config.source}:2:3")
        return Answer(scrapes([0, 5, 10], processes=6), EvaluatorChoice.COLLECTOR, "0.160.0")


@pytest.fixture
def files(tmp_path, monkeypatch):
    @contextmanager
    def fake_evaluator(_cli, _choice):
        yield FakeEvaluator()

    monkeypatch.setattr(whatif, "open_evaluator", fake_evaluator)
    save(scrapes([0, 5, 10]), tmp_path / "c")
    (tmp_path / "new.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_flags(monkeypatch):
    line = ("whatif", "-f", "new.yaml", "--capture", "c", "--baseline", "old.yaml", "--pipeline", "metrics/x")
    more = ("--evaluator", "collector", "--cpu", "--critical", "nginx", "--output-otlp", "out.jsonl", "-o", "markdown")
    assert options_of(monkeypatch, *line, *more) == WhatifOptions(
        Path("c"),
        "new.yaml",
        baseline="old.yaml",
        pipeline="metrics/x",
        evaluator=EvaluatorChoice.COLLECTOR,
        critical=("nginx",),
        output_otlp=Path("out.jsonl"),
        cpu=True,
        output_format=OutputFormat.MARKDOWN,
    )
    versions = options_of(monkeypatch, "whatif", "-f", "new.yaml", "-c", "c", "--against-collector", "otelcol")
    assert versions == WhatifOptions(Path("c"), "new.yaml", against_collector=Path("otelcol"))
    template = options_of(monkeypatch, "whatif", "--template", "process-topk-v1", "-p", "top_k=5", "-c", "c")
    assert template == WhatifOptions(Path("c"), template="process-topk-v1", parameters={"top_k": "5"})
    money = ("--hosts", "40", "--account-usage", "series=1M", "--account-usage", "hosts=40", "--prices", "p.yaml")
    assert options_of(monkeypatch, "whatif", "-f", "new.yaml", "-c", "c", *money) == WhatifOptions(
        Path("c"), "new.yaml", pricing=PricingOptions(40, ("series=1M", "hosts=40"), "p.yaml")
    )


@pytest.mark.parametrize(
    "line", [(), ("-f", "a.yaml", "--template", "process-topk-v1"), ("-f", "a.yaml", "--param", "top_k=5")]
)
def test_a_file_or_a_template(line):
    finished = run_here("whatif", "--capture", "c", *line)
    assert finished.status == 2
    assert "code: USAGE" in finished.err


def test_json_has_both_sides(files):
    finished = run_here("whatif", "-f", "new.yaml", "--capture", "c", "--critical", "proc0.*", "-o", "json")
    assert finished.status == 0, finished.err
    found = json.loads(finished.out)
    assert found["collector_version"] == "0.160.0"
    assert found["evaluator"] == "collector"
    assert found["baseline"]["name"] == "receivers"
    assert found["candidate"]["name"] == "new.yaml"
    assert found["candidate"]["series"] < found["baseline"]["series"]
    assert found["candidate"]["saving_percent"]["series"] > 0
    assert set(found["candidate"]["cost"]) == set(found["baseline"]["cost"])
    assert found["candidate"]["dropped_or_folded"]["series"] > 0
    assert found["candidate"]["cpu_seconds_per_million_points"] is None
    assert found["movers"]["metrics"]


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_people_see_saving_and_loss(files, form):
    finished = run_here("whatif", "-f", "new.yaml", "--capture", "c", "-o", form)
    assert "grafana-cloud" in finished.out
    assert "marginal list price a month beyond allowances and fees, not a bill" in finished.out
    assert "Vendors" in finished.out
    assert "Dropped or folded" in finished.out
    assert "Critical processes: " in finished.out
    assert "Where the saving comes from, by metric" in finished.out


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_keeps_to_its_width(files, width):
    out = run_here("whatif", "-f", "new.yaml", "--capture", "c", width=width).out
    drawn = [line for line in out.splitlines() if "─" in line or (" %" in line and not line.startswith("Vendors"))]
    assert max(map(len, drawn)) <= width


def test_money_is_told_under_every_vendor_with_its_range_and_source(files):
    (files / "prices.yaml").write_text("vendors: {cloudwatch-otel: {charges: {data: {price: 0.5}}}}\n")
    line = ("--hosts", "100", "--account-usage", "otlp-bytes-per-month=1G", "--prices", "prices.yaml")
    finished = run_here("whatif", "-f", "new.yaml", "--capture", "c", *line, "-o", "json")
    assert finished.status == 0, finished.err
    money = json.loads(finished.out)["money"]
    assert money["hosts"]["told_for"] == 100
    assert money["why_they_differ"].startswith("Vendors ")
    cloudwatch = money["vendors"]["cloudwatch-otel"]
    assert cloudwatch["source"] == "prices.yaml, given by the user"
    assert cloudwatch["basis"].startswith("what this adds to the account's month")
    assert float(cloudwatch["saving"]["low"]) <= float(cloudwatch["saving"]["amount"])
    assert money["vendors"]["self-hosted-mimir"]["saving"]["amount"] is None
    assert money["vendors"]["datadog-classic"]["before"]["amount"] is None


def test_writes_what_the_exporters_would_get(files):
    finished = run_here("whatif", "-f", "new.yaml", "--capture", "c", "--output-otlp", "out.jsonl", "-o", "json")
    assert finished.status == 0
    lines = (files / "out.jsonl").read_text().splitlines()
    assert len(lines) == 3
    assert all("resourceMetrics" in json.loads(line) for line in lines)


def test_a_baseline_of_ones_own_is_named(files):
    (files / "old.yaml").write_text(CONFIG)
    found = json.loads(run_here("whatif", "-f", "new.yaml", "--baseline", "old.yaml", "-c", "c", "-o", "json").out)
    assert found["baseline"]["name"] == "old.yaml"
    assert found["candidate"]["saving_percent"]["series"] == 0


def test_a_template_knows_what_it_drops(files):
    found = json.loads(run_here("whatif", "--template", "process-baseline-v1", "-c", "c", "-o", "json").out)
    assert found["candidate"]["name"] == "process-baseline-v1"
    assert "dropped" in found["candidate"]


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (("-f", "none.yaml", "-c", "c"), 4, "INPUT_FILE_NOT_FOUND"),
        (("-f", ".", "-c", "c"), 3, "INPUT_FILE_UNREADABLE"),
        (("-f", "broken.yaml", "-c", "c"), 3, "PIPELINE_INVALID_CONFIG"),
        (("-f", "refused.yaml", "-c", "c"), 3, "CONFIG_REFUSED_BY_COLLECTOR"),
        (("-f", "new.yaml", "-c", "none"), 4, "CAPTURE_NOT_FOUND"),
        (("-f", "new.yaml", "-c", "c", "--critical", "("), 3, "PROCESS_PATTERN_INVALID"),
        (("-f", "new.yaml", "-c", "c", "--evaluator", "guess"), 2, "USAGE"),
        (("-f", "new.yaml", "-c", "c", "-o", "xml"), 2, "USAGE"),
        (("-f", "new.yaml", "-c", "c", "--output-otlp", "/none/out"), 7, "OUTPUT_UNAVAILABLE"),
        (("--template", "process-tpok-v1", "-c", "c"), 4, "PIPELINE_TEMPLATE_NOT_FOUND"),
        (("-f", "new.yaml", "-c", "c", "--prices", "new.yaml"), 3, "PRICE_SHEET_INVALID"),
        (("-f", "new.yaml", "-c", "c", "--account-usage", "money=1"), 3, "ACCOUNT_USAGE_INVALID"),
    ],
)
def test_says_what_is_wrong(files, line, status, code):
    (files / "broken.yaml").write_text("a: [\n")
    (files / "refused.yaml").write_text(f"{CONFIG}# refuse me\n")
    before = sorted(files.iterdir())
    finished = run_here("whatif", *line)
    assert (finished.status, finished.out) == (status, "")
    assert f"code: {code}" in finished.err
    assert "what to do: " in finished.err
    assert sorted(files.iterdir()) == before


def test_says_when_the_receivers_of_the_two_configs_differ(files):
    (files / "old.yaml").write_text(CONFIG.replace("30s", "10s"))
    finished = run_here("whatif", "-f", "new.yaml", "--capture", "c", "--baseline", "old.yaml")
    assert finished.status == 0, finished.err
    assert "warning: the receivers of the two configs differ" in finished.err


def test_says_when_a_clock_thins_what_money_is_counted_by(files):
    config = CONFIG.replace("exporters:\n", "processors:\n  interval: {}\nexporters:\n", 1)
    (files / "thin.yaml").write_text(config.replace("exporters: [debug]", "processors: [interval], exporters: [debug]"))
    finished = run_here("whatif", "-f", "thin.yaml", "--capture", "c", "-o", "json")
    assert finished.status == 0, finished.err
    assert "warning: the interval processor thins by the clock" in finished.err
    assert json.loads(finished.out)["candidate"]["cost"]["new-relic"] is None
