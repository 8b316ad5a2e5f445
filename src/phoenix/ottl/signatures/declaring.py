"""Short words for declaring signatures; the tables beside this module use them."""

from phoenix.ottl.signatures.signature import Check, Kind, Parameter, Signature


def declare(name: str, *parameters: Parameter, check: Check | None = None) -> Signature:
    """Return the signature of a function that looks at its arguments."""
    return Signature(name, parameters, check)


def needed(name: str, kind: Kind, *, field: str = "") -> Parameter:
    """Return a parameter that must be given."""
    return Parameter(name, kind, field=field)


def optional(name: str, kind: Kind, *, field: str = "") -> Parameter:
    """Return a parameter that may be left out."""
    return Parameter(name, kind, optional=True, field=field)


def many(name: str, kind: Kind, *, is_optional: bool = False) -> Parameter:
    """Return a parameter that takes a list written out."""
    return Parameter(name, kind, many=True, optional=is_optional)


def function(name: str, arity: int, *, is_optional: bool = False) -> Parameter:
    """Return a parameter that takes a lambda of `arity` parameters."""
    return Parameter(name, Kind.LAMBDA, optional=is_optional, arity=arity)
