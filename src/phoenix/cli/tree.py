"""The tree of commands: its words, each with the line that help shows. The words are the path of the module.

`phoenix capture diff` is the function `command` of `phoenix.cli.capture.diff`; it is imported when it is run, so help
and completion never pay for numpy.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A folder of commands."""

    help: str
    commands: Mapping[str, str]


TREE: Mapping[str, str | Noun] = {
    "run": "Record this host, evaluate the catalogue on it, and run the best safe pipeline live beside the baseline.",
    "whatif": "Show what a pipeline would save and lose on a capture, compared with a baseline.",
    "up": "Run the server: API, OpAMP for supervisors, ingest of telemetry. It serves until Ctrl-C.",
    "experiment": Noun(
        "A candidate pipeline against the baseline, on the same hosts and stream.",
        {
            "create": "Make an experiment of two pipelines on the same hosts and stream, or say what it would do.",
            "list": "List experiments, the newest first.",
            "get": "Show an experiment: what was asked for, and how far it has come.",
            "start": "Claim the hosts of an experiment and begin.",
            "stop": "End an experiment; it is cancelled once its hosts run their verified config again.",
            "retry": "Begin an experiment that failed or was cancelled again, under a new config revision.",
            "status": "Show how far an experiment has come: phase, windows, guardrails, history.",
            "metrics": "Show every window of both arms, or why it is no data.",
            "compare": "Compare both arms: what is saved beside what is lost.",
            "promote": "Make the candidate of a completed experiment what its hosts run.",
        },
    ),
    "host": Noun(
        "Machines with a supervised collector.",
        {
            "enrol": "Enrol this machine: get a credential, write the supervisor's files, say how to start it.",
            "start": "Run the supervisor of an enrolled host, and its collector, until Ctrl-C.",
            "restore": "Let a host go back to its last verified config.",
            "list": "List the hosts with their state and what they run.",
            "get": "Show one host: state, configs, health.",
            "history": "Show what happened to a host, oldest first: offers, failures, proofs, restarts.",
        },
    ),
    "pipeline": Noun(
        "The catalogue of ready pipelines, and checks of your own.",
        {
            "list": "List the pipelines of the catalogue.",
            "get": "Show one pipeline: strategy, parameters, what it drops and folds.",
            "render": "Write the collector config of a pipeline with its parameters filled in.",
            "validate": "Check a collector config: YAML, names, components, practice, loss, and the real collector.",
            "test": "Run the unit tests of pipelines; the exit status is 1 when a case fails.",
        },
    ),
    "capture": Noun(
        "Recordings of real telemetry.",
        {
            "record": "Record the process metrics of this host through a real collector.",
            "import": "Make a capture of OTLP metrics: JSON lines or protobuf.",
            "get": "Show what is in a capture.",
            "diff": "Compare two captures; the exit status is 1 when they differ.",
        },
    ),
    "collector": Noun(
        "The programs that Phoenix runs: collector, supervisor, replay harness.",
        {"build": "Find or build the collector, the supervisor and the replay harness, and show where they are."},
    ),
    "loadsim": Noun(
        "Process load on this machine, to measure against.",
        {
            "start": "Start a load simulation, which runs until it is stopped or its time is over.",
            "stop": "Stop the load simulation and every process of it.",
            "list-profiles": "List the load profiles that ship with Phoenix.",
        },
    ),
    "verify": "Work a verdict out again from its evidence; the exit status is 1 when anything was changed.",
    "doctor": "Say what is not well with the server and the fleet, or with one host, and what to do.",
    "version": "Show the versions of Phoenix, Python and the collector.",
}


def module_of(words: tuple[str, ...]) -> str:
    """Return the module that holds a command.

    >>> module_of(("loadsim", "list-profiles")), module_of(("capture", "import"))
    ('phoenix.cli.loadsim.list_profiles', 'phoenix.cli.capture.import_')
    """
    names = [word.replace("-", "_") for word in words]
    return ".".join(("phoenix.cli", *(f"{name}_" if name == "import" else name for name in names)))
