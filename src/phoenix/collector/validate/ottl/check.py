"""Tells every mistake in the OTTL of filter and transform, at its column; the fourth stage of `validate`."""

from collections.abc import Iterator

from phoenix.collector.validate.component_codes import OTTL_INVALID
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Finding


def check_ottl(context: RuleContext) -> Iterator[Finding]:
    """Yield one finding for each statement and condition that a collector refuses."""
    for reading in context.readings:
        for mistake in reading.mistakes:
            place = context.view.document.locate_within(mistake.text.path, mistake.offset)
            message = f"{reading.component.key}: {mistake.error.message}"
            yield OTTL_INVALID.at(place, message, user_action=mistake.error.user_action)
