import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]
CALLERS = {"inner", "kernel"}


def test_only_kernels_call_inner_functions_which_python_cannot():
    inner = {_module(path): _inner(path) for path in _sources() if "@inner" in path.read_text(encoding="utf-8")}
    assert sum(map(len, inner.values())) > 50
    called = [call for path in _sources() for call in _calls_from_python(path, inner)]
    assert called == []


def _sources() -> list[Path]:
    return sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts) if path.is_relative_to(ROOT / "src") else ""


def _inner(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and "inner" in _decorators(node)}


def _decorators(function: ast.FunctionDef) -> set[str]:
    return {decorator.id for decorator in function.decorator_list if isinstance(decorator, ast.Name)}


def _calls_from_python(path: Path, inner: dict[str, set[str]]) -> Iterator[str]:
    text, module = path.read_text(encoding="utf-8"), _module(path)
    if module not in inner and not any(name in text for name in inner if name):
        return
    tree = ast.parse(text)
    names = set(inner.get(module, ()))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in inner:
            names |= {alias.name for alias in node.names} & inner[node.module]
    for line, name in _calls(tree, names):
        yield f"{path.relative_to(ROOT)}:{line} {name}"


def _calls(node: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.FunctionDef) and _decorators(node) & CALLERS:
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
        yield node.lineno, node.func.id
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, names)
