"""The request of an operation, taken apart into what its path carries and the rest, and put together again."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, create_model

from phoenix.edge.operation import Operation, Schema

_IN_BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class RequestParts:
    """How a request arrives.

    Attributes:
        whole: the request.
        path: types of the fields that the path carries, by name.
        rest: the model of the others: the query of a GET or DELETE, the body of a POST or PATCH. None without any.
        rest_optional: every field of it has a default, so it may be left out.
    """

    whole: type[Schema]
    path: dict[str, Any]
    rest: type[BaseModel] | None
    rest_optional: bool

    def together(self, path: dict[str, Any], rest: BaseModel | None) -> Schema:
        """Return the request.

        Raises:
            ValidationError: the parts do not fit together; pydantic's.
        """
        given = {} if rest is None else {name: getattr(rest, name) for name in rest.model_fields_set}
        return self.whole.model_validate({**path, **given})


def parts_of(operation: Operation) -> RequestParts:
    """Return the parts of an operation's request.

    Raises:
        KeyError: the path names a field that the request lacks.
    """
    fields = operation.request.model_fields
    in_path = _IN_BRACES.findall(operation.path)
    others = {name: field for name, field in fields.items() if name not in in_path}
    rest: type[BaseModel] | None = None
    if others:
        name = operation.request.__name__ if not in_path else f"{operation.request.__name__}Rest"
        described: dict[str, Any] = {name: (field.annotation, field) for name, field in others.items()}
        rest = create_model(name, __base__=Schema, **described)
    return RequestParts(
        operation.request,
        {name: fields[name].annotation for name in in_path},
        rest,
        not any(field.is_required() for field in others.values()),
    )
