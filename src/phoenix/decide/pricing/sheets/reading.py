"""Reading price sheets: those that ship, and a user's file that changes them or adds vendors.

A user's file says only what differs:

    vendors:
      self-hosted-mimir:
        charges:
          cores: {price: 20}
      our-gateway:
        title: Our gateway
        ...

A vendor that ships is changed key by key, lists are replaced whole; another name is a vendor of the user's own and
needs everything a sheet needs. docs/explanation/money.md shows both.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from phoenix.collector.config.document import ConfigDocument, ConfigSyntaxError
from phoenix.collector.config.errors import ConfigTooComplexError
from phoenix.core.errors import PhoenixError
from phoenix.decide.errors import PriceSheetInvalidError
from phoenix.decide.pricing.sheets.model import Vendor

# Of which a charge has one; a user who gives one means it instead of the other.
_PRICES: Final = ("price", "tiers")


def parse_vendor(text: str, source: str) -> Vendor:
    """Return the vendor that one whole sheet describes.

    Raises:
        PriceSheetInvalidError: not YAML, or a key is missing, unknown or wrong; the message names the place.
    """
    document = _document(text, source)
    return _vendor(document, (), document.data)


def parse_prices(text: str, source: str, shipped: Mapping[str, Vendor]) -> dict[str, Vendor]:
    """Return the vendors that ship with the changes of a user's file, and the user's own, by name.

    Raises:
        PriceSheetInvalidError: not YAML, or a key is missing, unknown or wrong; the message names the place.
    """
    document = _document(text, source)
    for key in document.data:
        if key != "vendors":
            _refuse(document, (key,), f"unknown key {key!r}; there is vendors", "Put every vendor under vendors:.")
    given = document.data.get("vendors")
    if not isinstance(given, Mapping) or not given:
        _refuse(document, ("vendors",), "vendors must be a mapping of names to price sheets", _REMEDY)
    changed = dict(shipped)
    for name, change in given.items():
        place = ("vendors", name)
        if not isinstance(change, Mapping):
            _refuse(document, place, "a mapping with the keys of a price sheet is expected", _REMEDY)
        base = shipped.get(name)
        whole = change if base is None else _changed(_plain(base), change, source)
        changed[name] = _vendor(document, place, whole)
    return {name: changed[name] for name in sorted(changed)}


_REMEDY: Final = "Correct the place named; docs/explanation/money.md shows what a price sheet may say."


def _plain(vendor: Vendor) -> dict[str, Any]:
    return vendor.model_dump(exclude_unset=True)


def _changed(base: Mapping[str, Any], change: Mapping[str, Any], source: str) -> Mapping[str, Any]:
    """Return a sheet with a user's changes; prices that a user gave are not said to be the vendor's."""
    whole = _merged(base, change)
    if "charges" in change:
        whole["source"] = change.get("source", f"{source}, given by the user")
        whole["as_of"] = change.get("as_of")
    return whole


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(base)
    if any(key in change for key in _PRICES):
        for key in _PRICES:
            whole.pop(key, None)
    for key, value in change.items():
        below = whole.get(key)
        # Another kind of meter is another meter, not a change of this one.
        if isinstance(value, Mapping) and isinstance(below, Mapping) and "kind" not in value:
            whole[key] = _merged(below, value)
        else:
            whole[key] = value
    return whole


def _document(text: str, source: str) -> ConfigDocument:
    try:
        return ConfigDocument.parse(text, source)
    except (ConfigSyntaxError, ConfigTooComplexError) as error:
        raise PriceSheetInvalidError(error.message, place=source) from error


def _vendor(document: ConfigDocument, place: Sequence[str], data: object) -> Vendor:
    try:
        return Vendor.model_validate(data)
    except ValidationError as error:
        # A key that is mistyped is unknown, and therefore another is missing: the former says more.
        first = min(error.errors(), key=lambda it: it["type"] != "extra_forbidden")
        path = _written(document.data, [*place, *first["loc"]])
        said = _said(first["type"], first["msg"], first["loc"])
        _refuse(document, path, said, _REMEDY)
    except PhoenixError as error:
        # A duration that is none is refused by its own error, which knows no place.
        _refuse(document, place, error.message, error.user_action)


def _said(kind: str, message: str, loc: Sequence[str | int]) -> str:
    name = loc[-1] if loc else "the sheet"
    match kind:
        case "extra_forbidden":
            return f"unknown key {name!r}"
        case "missing":
            return f"{name} is missing"
        case "value_error":
            return message.removeprefix("Value error, ")
        case _:
            return f"{name}: {message}"


def _written(data: object, path: Sequence[str | int]) -> list[str | int]:
    """Return the steps of a path that the text has: pydantic adds names of its own, and a part may be inherited."""
    steps: list[str | int] = []
    for step in path:
        held = dict(enumerate(data)) if isinstance(data, list | tuple) else data
        if isinstance(held, Mapping) and step in held:
            steps.append(step)
            data = held[step]
    return steps


def _refuse(document: ConfigDocument, path: Sequence[str | int], said: str, remedy: str) -> NoReturn:
    place = document.locate(path)
    where = ".".join(str(step) for step in path)
    said = f"{where}: {said}" if where else said
    raise PriceSheetInvalidError(f"{place}: {said}", user_action=remedy, place=str(place))
