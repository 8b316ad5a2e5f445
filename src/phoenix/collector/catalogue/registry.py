"""The catalogue's front door: list the templates, find one by name or alias, render it.

`phoenix pipeline list|render`, the evaluation of a recording, and later the server come in here.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from phoenix.collector.catalogue import rendering
from phoenix.collector.catalogue.errors import TemplateNotFoundError
from phoenix.collector.catalogue.template import Rendered, Template
from phoenix.collector.catalogue.templates import (
    adaptive,
    aggregated,
    baseline,
    intelligent,
    minimal,
    priority_filter,
    topk,
)
from phoenix.telemetry.capture import Capture

TEMPLATES: tuple[Template, ...] = (
    baseline.TEMPLATE,
    priority_filter.TEMPLATE,
    topk.TEMPLATE,
    aggregated.TEMPLATE,
    adaptive.TEMPLATE,
    minimal.TEMPLATE,
    intelligent.TEMPLATE,
)
_BY_NAME = {name: template for template in TEMPLATES for name in (template.name, *template.aliases)}


def names() -> tuple[str, ...]:
    """Return the names of all templates, baseline first; aliases are left out."""
    return tuple(template.name for template in TEMPLATES)


def find(name: str) -> Template:
    """Return the template of this name or alias.

    Raises:
        TemplateNotFoundError: there is none; the message says which was probably meant.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        close = get_close_matches(name, _BY_NAME, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise TemplateNotFoundError(
            f"there is no template {name!r} in the catalogue.{hint}", name=name, known=list(names())
        ) from None


def render(name: str, given: Mapping[str, object] | None = None, *, capture: Capture | None = None) -> Rendered:
    """Return the template called `name` as a collector config, with its fold map.

    Args:
        name: of the template, or an alias.
        given: parameters by name, each a text as on a command line or a value.
        capture: what `top_k` derives its thresholds from; other parameters never look at it.

    Raises:
        TemplateNotFoundError: no such template.
        ParameterUnknownError, ParameterMissingError, ParameterTypeError, ParameterRangeError, ParameterConflictError:
            a parameter does not fit; the message names it, what it got, and the remedy.
    """
    return rendering.render(find(name), given or {}, capture)
