"""Every series says which host it is from."""

from collections.abc import Iterator
from typing import Final

from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.deeds import Deed
from phoenix.collector.validate.finding import Code, Finding, Severity

NOT_SET: Final = Code(
    "HOST_IDENTITY_NOT_SET",
    Severity.WARNING,
    "host_metrics names no host. On a second host the same series appear again and overwrite these.",
    "Add resource_detection with detectors: [system], or a resource processor that sets host.name.",
    "processors on the way from host_metrics to exporters",
)
REMOVED: Final = Code(
    "HOST_IDENTITY_REMOVED",
    Severity.ERROR,
    "host.name or host.id is taken away and not set again: series of different hosts become one.",
    "Keep host.name and host.id, or set them after this step.",
    "resource and transform processors that delete or keep resource attributes",
)
CODES: Final = (NOT_SET, REMOVED)


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield the pipelines that leave out or lose the host."""
    for route in context.routes:
        scrapers = [receiver for receiver in route.receivers if receiver.type == "host_metrics"]
        sets = route.has(Deed.SETS_HOST)
        if scrapers and not sets:
            message = f"nothing sets host.name between {scrapers[0].key} and the exporters"
            yield NOT_SET.at(context.place(route.pipelines[-1].path), message)
        for index, step in enumerate(route.steps):
            if step.deed is Deed.LOSES_HOST and not route.has(Deed.SETS_HOST, after=index):
                known = sets or any(receiver.type != "host_metrics" for receiver in route.receivers)
                if known:
                    yield REMOVED.at(context.place(step.path), f"{step.component.key} takes the host's identity away")
