"""What statements of transform do to metrics, read from what they mean rather than from their letters."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from phoenix.collector.validate.deeds import HOST_KEYS, IDENTITY_KEYS, INSTANCE_KEY, PID, Deed, Step
from phoenix.collector.validate.ottl.reading import Reading
from phoenix.ottl.syntax import Call, Context, Expression, ListOf, Literal, Path, Statement
from phoenix.telemetry.expressions import ExpressionError, compiled

_AGGREGATING: Final = ("aggregate_on_attributes", "aggregate_on_attribute_value")
_MAKING_SUMS: Final = ("convert_gauge_to_sum", "convert_summary_count_val_to_sum", "convert_summary_sum_val_to_sum")
_TIMES: Final = ("time", "time_unix_nano")
_STARTS: Final = ("start_time", "start_time_unix_nano")


def statement_steps(reading: Reading) -> Iterator[Step]:
    """Yield what the statements of one processor do, in the order in which they stand."""
    for (text, statement), guards in zip(reading.statements, reading.guards, strict=True):
        where = [tuple(guard.expression for guard in guards)] if guards else []
        where += [(statement.where,)] if statement.where is not None else []
        for deed, names in _deeds(statement):
            yield Step(deed, reading.component, text.path, names, tuple(where))


def _deeds(statement: Statement) -> Iterator[tuple[Deed, str]]:
    editor = statement.editor
    if editor.name in _AGGREGATING:
        yield Deed.SUMS if _literal(editor, "aggregation_function") == "sum" else Deed.AGGREGATES, ""
    if editor.name in _MAKING_SUMS and _literal(editor, "string_agg_temp") == "delta":
        yield Deed.TO_DELTA, ""
    target = editor.arguments.get("target")
    if not isinstance(target, Path):
        return
    if editor.name == "set":
        yield from _set(target, editor.arguments["value"])
    if target.name == "attributes" and not target.keys:
        yield from _taken_away(editor, target)


def _set(target: Path, value: Expression) -> Iterator[tuple[Deed, str]]:
    if target.context is Context.RESOURCE and target.name == "attributes" and _keys(target) & set(HOST_KEYS):
        yield Deed.SETS_HOST, ""
    if target.context is Context.METRIC and target.name == "aggregation_temporality":
        yield Deed.RELABELS_TEMPORALITY, ""
    if target.context is not Context.DATAPOINT:
        return
    if target.name in _TIMES:
        yield Deed.SETS_TIMES, ""
    if target.name in _STARTS:
        yield Deed.LOSES_STARTS if _is_zero(value) else Deed.SETS_STARTS, ""


def _is_zero(value: Expression) -> bool:
    if isinstance(value, Call) and value.name == "Unix":
        return all(isinstance(part, Literal) and part.value == 0 for part in value.arguments.values())
    return isinstance(value, Literal) and not isinstance(value.value, bool) and value.value == 0


def _taken_away(editor: Call, target: Path) -> Iterator[tuple[Deed, str]]:
    gone = _gone(editor)
    if gone is None:
        return
    if target.context is Context.DATAPOINT:
        said = _literal(editor, "key") or _literal(editor, "pattern")
        yield Deed.DROPS_POINT_KEYS, str(said) if said else f"all but {_listed(editor)}"
    if target.context is Context.RESOURCE:
        # Whether there is a service.instance.id is not known; only taking it away by name says so.
        names = (PID, *HOST_KEYS) if editor.name != "delete_key" else IDENTITY_KEYS
        yield from identity_deeds({name for name in names if gone(name)})


def identity_deeds(names: AbstractSet[str]) -> Iterator[tuple[Deed, str]]:
    """Yield what it means that a resource loses these of its `IDENTITY_KEYS`."""
    if PID in names:
        yield Deed.DROPS_PID, PID
    if names & set(HOST_KEYS):
        yield Deed.LOSES_HOST, ""
    if INSTANCE_KEY in names:
        yield Deed.DROPS_INSTANCE, INSTANCE_KEY


def _gone(editor: Call) -> Callable[[str], bool] | None:
    """Return which keys an editor takes from a map; None when it takes none, or that shows only at run time."""
    key, pattern = _literal(editor, "key"), _literal(editor, "pattern")
    match editor.name:
        case "delete_key" if isinstance(key, str):
            return lambda name: name == key
        case "delete_matching_keys" if isinstance(pattern, str):
            return lambda name: finds(pattern, name)
        case "keep_matching_keys" if isinstance(pattern, str):
            return lambda name: not finds(pattern, name)
        case "keep_keys":
            kept = editor.arguments["keys"]
            if isinstance(kept, ListOf) and all(isinstance(item, Literal) for item in kept.items):
                names = {item.value for item in kept.items if isinstance(item, Literal)}
                return lambda name: name not in names
        case "clear":
            return lambda _: True
    return None


def finds(pattern: str, name: str) -> bool:
    """Return whether an unanchored RE2 expression finds something in `name`; False when it is no expression."""
    try:
        return compiled(pattern).search(name) is not None
    except ExpressionError:
        return False


def _literal(call: Call, argument: str) -> object:
    given = call.arguments.get(argument)
    return given.value if isinstance(given, Literal) else None


def _listed(call: Call) -> str:
    kept = call.arguments.get("keys")
    items = kept.items if isinstance(kept, ListOf) else ()
    return ", ".join(str(item.value) for item in items if isinstance(item, Literal)) or "none"


def _keys(path: Path) -> set[object]:
    return {key.value for key in path.keys if isinstance(key, Literal)}
