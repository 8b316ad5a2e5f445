"""What parses and is refused all the same, before any name is looked up (grammarCustomErrorsVisitor in grammar.go)."""

from phoenix.ottl.errors import OttlSyntaxError
from phoenix.ottl.grammar import written as w
from phoenix.ottl.grammar.walking import walk


def check_statement(statement: w.Statement) -> None:
    """Check a statement whose editor may be a converter.

    Raises:
        OttlSyntaxError: it begins with a converter, or one of its parts is refused.
    """
    if not statement.editor.is_editor:
        raise OttlSyntaxError(
            f"a statement begins with an editor, and {statement.editor.name} is a converter",
            statement.editor.head.start,
            user_action=f"Write an editor, in lower case, such as set(.., {statement.editor.name}(..)).",
        )
    check_parts(statement.editor, is_statement=True)
    if statement.where is not None:
        check_parts(statement.where)


def check_parts(node: w.Node, *, is_statement: bool = False) -> None:
    """Check every part of a node.

    Args:
        node: the root.
        is_statement: the root is a statement's own editor.

    Raises:
        OttlSyntaxError: an editor has keys or stands where a converter must, or a lambda returns a lambda.
    """
    for part in walk(node):
        if isinstance(part, w.Call) and part.is_editor:
            _check_editor(part, is_root=is_statement and part is node)
        elif isinstance(part, w.Lambda) and isinstance(part.body, w.Lambda):
            raise OttlSyntaxError(
                "a lambda may not return a lambda",
                part.body.span.start,
                user_action="Give one lambda all the parameters.",
            )


def _check_editor(call: w.Call, *, is_root: bool) -> None:
    if not is_root:
        raise OttlSyntaxError(
            f"{call.name} is an editor or no function, and only converters give a value",
            call.head.start,
            user_action="Write a converter, whose name begins in upper case, or a statement of its own.",
        )
    if call.keys:
        raise OttlSyntaxError(
            f"{call.name} is an editor and cannot be indexed",
            call.keys[0].span.start,
            user_action="Index the path or the converter inside.",
        )
