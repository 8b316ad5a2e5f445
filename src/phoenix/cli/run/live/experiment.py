"""The experiment of the main job: the baseline against one pipeline of the catalogue, followed to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from phoenix.cli.context import Cli
from phoenix.cli.experiment.showing.following import follow
from phoenix.cli.run.live.errors import ExperimentNotCompletedError
from phoenix.client.experiments import ENDED, Experiments
from phoenix.client.pipelines import Pipelines
from phoenix.core.units import format_duration
from phoenix.telemetry.processes import ProcessPattern

BASELINE: Final = "process-baseline-v1"
# Where nothing is safe, the one that drops least by intention is still worth a look beside the baseline.
OTHERWISE: Final = "process-priority-filter-v1"


@dataclass(frozen=True, slots=True)
class LiveDesign:
    """What the main job compares.

    Attributes:
        candidate: a template of the catalogue.
        critical: processes that both arms must keep.
        interval_seconds: between two scrapes, of both arms.
        windows: how many are compared.
        window_seconds: width of one.
    """

    candidate: str
    critical: Sequence[ProcessPattern]
    interval_seconds: float
    windows: int
    window_seconds: float

    @property
    def parameters(self) -> dict[str, object]:
        """What both pipelines are rendered with."""
        return {
            "interval": format_duration(self.interval_seconds),
            "critical_processes": [pattern.text for pattern in self.critical],
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """What the experiment came to.

    Attributes:
        comparison: of both arms.
        baseline, candidate: the versions compared, as `experiment create` takes them.
    """

    comparison: dict[str, Any]
    baseline: str
    candidate: str


def measure_live(cli: Cli, host: str, design: LiveDesign) -> Measured:
    """Run the experiment on one host and return what it came to; the host is back on its verified config then.

    Raises:
        ExperimentNotCompletedError: it failed, was stopped by a guardrail, or by someone else.
        ApiError: the server refuses it; the message says why.
    """
    experiments, pipelines = Experiments(cli.server), Pipelines(cli.server)
    _end_earlier(cli, experiments, host)
    versions = [pipelines.render(name, design.parameters)["reference"] for name in (BASELINE, design.candidate)]
    made = experiments.create(
        {
            "name": "phoenix run",
            "baseline_pipeline": versions[0],
            "candidate_pipeline": versions[1],
            "target_nodes": f"name={host}",
            "critical_processes": [pattern.text for pattern in design.critical],
            # The catalogue's list names what many hosts do not run.
            "allow_unmatched": True,
            "windows": design.windows,
            "window_seconds": design.window_seconds,
            "start": True,
        }
    )["experiment"]
    cli.say(f"Experiment {made['id']}: {versions[1]} beside {versions[0]} on the same scrapes.")
    ended = follow(cli, made["id"])
    if ended["phase"] != "completed":
        cause = ended["cause"] or {}
        raise ExperimentNotCompletedError(
            f"experiment {made['id']} ended {ended['phase']}: {ended['reason'] or cause.get('message', '')}",
            experiment=ended,
        )
    return Measured(experiments.compare(made["id"]), *versions)


def _end_earlier(cli: Cli, experiments: Experiments, host: str) -> None:
    """Stop what an interrupted run left open on this host: the server resumes it, and two cannot have one host."""
    for earlier in experiments.select():
        if earlier["phase"] not in ENDED and any(it["name"] == host for it in earlier["hosts"]):
            cli.say(f"Stopping {earlier['id']}, which an earlier run left open.")
            experiments.stop(earlier["id"], "a new run begins")
            follow(cli, earlier["id"])


def next_steps(measured: Measured, host: str, program: str) -> str:
    """Return how to look, promote, measure on and stop while the server goes on serving: each line can be pasted."""
    experiment = measured.comparison["experiment"]["id"]
    pair = f"--baseline {measured.baseline} --candidate {measured.candidate}"
    steps = (
        ("what each window said", f"experiment metrics {experiment}"),
        ("the comparison again, for scripts", f"experiment compare {experiment} -o json"),
        ("the host, and what it runs", f"host get {host}"),
        ("make the candidate what this host runs", f'experiment promote {experiment} --reason "saves enough"'),
        (
            "measure longer, in an experiment of its own",
            f"experiment create {pair} -l name={host} --windows 20 --start",
        ),
        ("the experiments there are; one that runs can be stopped", "experiment list"),
        ("end one before its time", 'experiment stop EXPERIMENT --reason "seen enough"'),
    )
    lines = [f"# {reason}\n{program} {step}" for reason, step in steps]
    return "\n".join(["While the server serves (Ctrl-C ends it and the collector), in another terminal:", *lines])
