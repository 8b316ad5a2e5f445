"""What a collector does not take in the settings of processors, told without one: the engine builds them to see.

`collector.validate` cannot know the engine, which stands above it, so the CLI and the server hand `check_processors` to
its service. One reading of settings serves evaluation and validation; they cannot disagree.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.expansion import expansions_in
from phoenix.collector.config.names import Kind
from phoenix.collector.config.pipelines import Component
from phoenix.collector.config.place import Place
from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.collector.replay.plan import strings_in
from phoenix.collector.validate.component_codes import OTTL_INVALID, SETTINGS_REFUSED, UNKNOWN_KEY, WRONG_VALUE
from phoenix.collector.validate.context import RuleContext
from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.suggest import did_you_mean, shortened
from phoenix.engine.pipeline.building import build_step
from phoenix.engine.pipeline.expansion import ExpansionError
from phoenix.engine.processors.registry import PROCESSORS
from phoenix.ottl.errors import OttlError

# Values for a variable that only the host knows. What is refused with each of them is refused whatever the value.
_STAND_INS: Final = ("placeholder", "10", "true", "30s")
# These a collector checks in full when it builds a pipeline with them; when it reads the config, only keys and types.
_CHECKED_WHEN_BUILT: Final = ("attributes", "cumulative_to_delta", "metrics_transform", "resource")
# What these choose is another thing in each signal, and the engine knows that of metrics.
_CHOICE: Final = ("include", "exclude")


def check_processors(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with each processor the engine knows; its OTTL is told by `validate.ottl`.

    Of one processor that is the first thing, since later ones may follow from it, or every key of one mapping.
    """
    told = {reading.component.key for reading in context.readings if reading.mistakes}
    view = context.view
    used = {component.key for pipeline in view.pipelines for component in view.named(pipeline.processors)}
    metrics = {component.key for pipeline in view.metrics_pipelines for component in view.named(pipeline.processors)}
    for component in view.of(Kind.PROCESSORS):
        if component.type not in PROCESSORS:
            continue
        error = _refusal(context, component, with_choice=component.key in metrics or component.key not in used)
        if error is None or (isinstance(error.__cause__, OttlError) and component.key in told):
            continue
        if component.key in used or component.type not in _CHECKED_WHEN_BUILT or _is_of_reading(error):
            yield from _findings(context.view.document, component, error)


def _is_of_reading(error: ConfigRefusedError) -> bool:
    return "unknown" in error.details or "wanted" in error.details


def _refusal(context: RuleContext, component: Component, *, with_choice: bool) -> ConfigRefusedError | None:
    asked = [found for text in strings_in(component.settings) for found in expansions_in(text)]
    if any(found.scheme not in ("env", "yaml") for found in asked):
        return None
    names = [found.name for found in asked if found.scheme == "env" and found.default is None]
    written = context.view.document.data[Kind.PROCESSORS.value][component.key]
    if component.type == "attributes" and not with_choice:
        written = {key: value for key, value in component.settings.items() if key not in _CHOICE}
    refusals = [
        _refused_with(context.view.document, component, written, dict.fromkeys(names, value))
        for value in (_STAND_INS if names else _STAND_INS[:1])
    ]
    places = {str(error.details["place"]) if error else None for error in refusals}
    return refusals[0] if len(places) == 1 else None


def _refused_with(
    document: ConfigDocument, component: Component, written: Any, environment: Mapping[str, str]
) -> ConfigRefusedError | None:
    try:
        build_step(document, component.key, written, environment, (0, 0))
    except ConfigRefusedError as error:
        # A `${...}` that cannot be replaced is told by rules/providers.
        return None if isinstance(error.__cause__, ExpansionError) else error
    except UnsupportedComponentError:
        # A collector may take what the engine does not do.
        return None
    return None


def _findings(document: ConfigDocument, component: Component, error: ConfigRefusedError) -> Iterator[Finding]:
    source, line, column = str(error.details["place"]).rsplit(":", 2)
    place = Place(source, int(line), int(column))
    message = f"{component.key}: {error.details['reason']}"
    unknown, known, where = (error.details.get(key) for key in ("unknown", "known", "where"))
    if isinstance(error.__cause__, OttlError):
        yield OTTL_INVALID.at(place, message, user_action=error.__cause__.user_action)
    elif isinstance(unknown, list) and isinstance(known, list) and isinstance(where, list):
        for key in unknown:
            message = f'{component.key}: unknown key "{key}"{did_you_mean(key, known)}'
            remedy = f"{UNKNOWN_KEY.user_action} Known are {shortened(known, 20)}."
            yield UNKNOWN_KEY.at(document.locate((*where, key)), message, user_action=remedy)
    elif "wanted" in error.details or "choices" in error.details:
        yield WRONG_VALUE.at(place, message)
    else:
        yield SETTINGS_REFUSED.at(place, message)
