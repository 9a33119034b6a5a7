"""A file or function that grows past its ceiling holds two subjects: split it by noun."""

import ast

from tests.architecture import tree

FUNCTION, MODULE = 40, 300
CODE = ("tracker", "config", "scripts", "tests", "wsgi.py")


def long_functions(module: ast.Module) -> list[str]:
    """Return name and length of each function above the ceiling."""
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return [f"{name}: {length}" for name, length in lengths.items() if length > FUNCTION]


def test_size_check_finds_a_long_function():
    body = "    pass\n" * 40

    assert long_functions(ast.parse(f"def long():\n{body}")) == ["long: 41"]
    assert long_functions(ast.parse(f"def long():\n{body[9:]}")) == []


def test_functions_stay_short():
    found = {path: long for path, module in tree.modules(*CODE) if (long := long_functions(module))}

    assert found == {}


def test_modules_stay_short():
    lengths = {path: len((tree.text(path) or "").splitlines()) for path, _ in tree.modules(*CODE)}

    assert {path: length for path, length in lengths.items() if length > MODULE} == {}
