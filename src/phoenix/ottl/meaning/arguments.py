"""Written arguments to the parameters of a signature (buildArgs and buildArg in functions.go of pkg/ottl 0.160)."""

from typing import TYPE_CHECKING, Final

from phoenix.ottl.errors import OttlMeaningError
from phoenix.ottl.grammar import written as w
from phoenix.ottl.meaning.literals import describe, fits
from phoenix.ottl.meaning.suggestions import did_you_mean
from phoenix.ottl.signatures.signature import (
    Kind,
    Parameter,
    Signature,
    UncertainArgumentError,
    WrongArgumentError,
)
from phoenix.ottl.syntax import Expression, FunctionName, Lambda, ListOf, Literal, Span

if TYPE_CHECKING:
    from phoenix.ottl.meaning.checker import Checker

_PATHS: Final = frozenset((Kind.PATH, Kind.MAP_PATH, Kind.SLICE_PATH))
_MEANT: Final = {"true": "true", "false": "false", "null": "nil", "none": "nil", "nil": "nil"}
_NAMES: Final = {
    Kind.ANY: "a value",
    Kind.STRING: "a string",
    Kind.STRING_LIKE: "a value",
    Kind.INT: "an integer",
    Kind.INT_LIKE: "an integer or what can be turned into one",
    Kind.FLOAT: "a double",
    Kind.FLOAT_LIKE: "a number or what can be turned into one",
    Kind.BOOL: "a boolean",
    Kind.BOOL_LIKE: "a boolean or what can be turned into one",
    Kind.BYTES_LIKE: "bytes or what can be turned into them",
    Kind.MAP: "a map",
    Kind.SLICE: "a list",
    Kind.TIME: "a time, such as Time(..) or a time path",
    Kind.DURATION: "a duration, such as Duration(..)",
    Kind.PATH: "a path",
    Kind.MAP_PATH: "a path of a map, such as attributes",
    Kind.SLICE_PATH: "a path of a list",
    Kind.FUNCTION: "the name of a converter, without parentheses",
    Kind.LAMBDA: "a lambda, such as (key, value) => value != nil",
    Kind.STRING_LITERAL: "a string written out",
    Kind.INT_LITERAL: "an integer written out, without a sign",
    Kind.FLOAT_LITERAL: "a double written out, with a decimal point and without a sign",
    Kind.BOOL_LITERAL: "true or false",
}


def bind(checker: "Checker", call: w.Call, signature: Signature) -> dict[str, Expression]:
    """Return the arguments of `call` by parameter, in the signature's order.

    Raises:
        OttlMeaningError: there are too few or too many, a name is wrong, or an argument is not what it must be.
    """
    if signature.takes_anything:
        if call.arguments:
            checker.not_done(f"arguments of {signature.name}, which has none", call.arguments[0].span.start)
        return {}
    _check_order(call)
    _check_count(call, signature)
    bound: dict[str, Expression] = {}
    spans: dict[str, Span] = {}
    for position, argument in enumerate(call.arguments):
        parameter = _parameter(argument, position, signature)
        if parameter.name in bound:
            checker.not_done(f"the argument {parameter.name} given twice", argument.span.start)
        bound[parameter.name] = _argument(checker, argument, parameter, signature)
        spans[parameter.name] = argument.value.span
    missing = [one.name for one in signature.parameters if not one.optional and one.name not in bound]
    if missing:
        checker.not_done(f"{signature.name} without the argument {missing[0]}", call.head.start)
    ordered = {one.name: bound[one.name] for one in signature.parameters if one.name in bound}
    _check_values(checker, call, signature, ordered, spans)
    return ordered


def usage(signature: Signature) -> str:
    """Return how a function is called: `Substring(target, start, length, [utf8_safe])`."""
    names = [f"[{one.name}]" if one.optional else one.name for one in signature.parameters]
    return f"{signature.name}({', '.join(names)})"


def _check_order(call: w.Call) -> None:
    named = False
    for argument in call.arguments:
        if named and not argument.name:
            raise OttlMeaningError(
                "an argument without a name stands behind one with a name",
                argument.span.start,
                user_action="Name it, or put it in front.",
            )
        named = named or bool(argument.name)


def _check_count(call: w.Call, signature: Signature) -> None:
    count, least, most = len(call.arguments), signature.required, len(signature.parameters)
    if least <= count <= most:
        return
    takes = str(most) if least == most else f"{least} to {most}"
    raise OttlMeaningError(
        f"{signature.name} takes {takes} argument{'' if takes == '1' else 's'}, and {count} are given",
        call.arguments[most].span.start if count > most else call.head.start,
        user_action=f"Write {usage(signature)}.",
    )


def _parameter(argument: w.Argument, position: int, signature: Signature) -> Parameter:
    if not argument.name:
        return signature.parameters[position]
    for parameter in signature.parameters:
        if parameter.is_called(argument.name):
            return parameter
    raise OttlMeaningError(
        f"{signature.name} has no parameter {argument.name}",
        argument.span.start,
        user_action=did_you_mean(argument.name, (parameter.written for parameter in signature.parameters)),
    )


def _argument(checker: "Checker", argument: w.Argument, parameter: Parameter, signature: Signature) -> Expression:
    value = argument.value
    if not parameter.many:
        return _one(checker, value, parameter, signature)
    if not isinstance(value, w.Listing):
        raise _wrong(
            value,
            parameter,
            signature,
            f"a list written out, such as [{'1.0' if parameter.kind is Kind.FLOAT_LITERAL else '..'}]",
        )
    return ListOf(tuple(_one(checker, item, parameter, signature) for item in value.items), value.span)


def _one(checker: "Checker", value: w.Value | w.FunctionName, parameter: Parameter, signature: Signature) -> Expression:
    kind = parameter.kind
    if kind is Kind.FUNCTION:
        return _function(checker, value, parameter, signature)
    if isinstance(value, w.FunctionName):
        raise _no_value(value, parameter, signature)
    if kind is Kind.LAMBDA:
        return _lambda(checker, value, parameter, signature)
    if kind in _PATHS:
        if not isinstance(value, w.Path):
            raise _wrong(value, parameter, signature)
        return checker.path(value)
    if kind in _WRITTEN_OUT:
        return _written_out(value, parameter, signature)
    made = checker.value(value)
    if not fits(kind, made):
        raise _wrong(value, parameter, signature, got=describe(made))
    return made


_WRITTEN_OUT: Final = frozenset((Kind.STRING_LITERAL, Kind.INT_LITERAL, Kind.FLOAT_LITERAL, Kind.BOOL_LITERAL))


def _written_out(value: w.Value, parameter: Parameter, signature: Signature) -> Literal:
    kind = parameter.kind
    if (
        (kind is Kind.STRING_LITERAL and isinstance(value, w.Text))
        or (kind is Kind.INT_LITERAL and isinstance(value, w.Number) and isinstance(value.value, int))
        or (kind is Kind.FLOAT_LITERAL and isinstance(value, w.Number) and isinstance(value.value, float))
        or (kind is Kind.BOOL_LITERAL and isinstance(value, w.Boolean))
    ):
        return Literal(value.value, value.span)
    raise _wrong(value, parameter, signature)


def _function(
    checker: "Checker", value: w.Value | w.FunctionName, parameter: Parameter, signature: Signature
) -> FunctionName:
    if not isinstance(value, w.Symbol | w.FunctionName):
        raise _wrong(value, parameter, signature)
    checker.signature(value.name, value.span)
    return FunctionName(value.name, value.span)


def _lambda(checker: "Checker", value: w.Value, parameter: Parameter, signature: Signature) -> Lambda:
    if not isinstance(value, w.Lambda):
        raise _wrong(value, parameter, signature)
    made = checker.lambda_(value)
    if len(made.parameters) != parameter.arity:
        raise _wrong(value, parameter, signature, f"a lambda of {parameter.arity} parameters")
    return made


def _check_values(
    checker: "Checker",
    call: w.Call,
    signature: Signature,
    arguments: dict[str, Expression],
    spans: dict[str, Span],
) -> None:
    if signature.check is None:
        return
    try:
        signature.check(arguments)
    except UncertainArgumentError as error:
        checker.not_done(f"{error.reason} of {signature.name}", spans.get(error.parameter, call.head).start)
    except WrongArgumentError as error:
        raise OttlMeaningError(
            f"{error.parameter} of {signature.name}: {error.reason}",
            (error.span or spans.get(error.parameter, call.head)).start,
            user_action=f"Correct the argument {error.parameter} of {usage(signature)}.",
        ) from None


def _no_value(value: w.FunctionName, parameter: Parameter, signature: Signature) -> OttlMeaningError:
    meant = _MEANT.get(value.name.lower())
    return OttlMeaningError(
        f"{value.name} names a function and is no value",
        value.span.start,
        user_action=f"Write {meant}."
        if meant
        else f"Call it: {value.name}(..); {parameter.name} of {signature.name} must be {_NAMES[parameter.kind]}.",
    )


def _wrong(
    value: w.Value | w.FunctionName,
    parameter: Parameter,
    signature: Signature,
    wanted: str | None = None,
    *,
    got: str | None = None,
) -> OttlMeaningError:
    wanted = wanted or _NAMES[parameter.kind]
    return OttlMeaningError(
        f"{parameter.name} of {signature.name} must be {wanted}" + (f", not {got}" if got else ""),
        value.span.start,
        user_action=f"Write {wanted}, as in {usage(signature)}.",
    )
