"""All nodes below a node, in the order in which the collector visits them."""

from collections.abc import Iterator

from phoenix.ottl.grammar import written as w


def walk(node: w.Node) -> Iterator[w.Node]:
    """Yield `node` and everything below it; the keys of a statement's editor too, which a collector refuses."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: w.Node) -> tuple[w.Node, ...]:
    """Return what stands directly below `node`."""
    if isinstance(node, w.Call):
        return (*(argument.value for argument in node.arguments), *node.keys)
    if isinstance(node, w.Path):
        return tuple(key for segment in node.segments for key in segment.keys)
    if isinstance(node, w.Lambda):
        return (node.body,)
    if isinstance(node, w.Computation):
        return (node.root,)
    if isinstance(node, w.Signed | w.Negation):
        return (node.operand,)
    if isinstance(node, w.Operation | w.Comparison):
        return (node.left, node.right)
    if isinstance(node, w.Conjunction | w.Disjunction):
        return node.operands
    if isinstance(node, w.Listing):
        return node.items
    if isinstance(node, w.Mapping):
        return tuple(value for _, value in node.items)
    return ()
