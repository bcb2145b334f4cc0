"""What Enode's SDK can call, read from the SDK itself: methods of the parts that Readyby serves, and their errors."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from enode import Enode

SERVED = frozenset(
    {"vehicles", "locations", "tariffs", "interventions", "statistics", "webhooks", "user_management", "service_health"}
)
TYPED = re.compile(r"raise errors\.(\w+)\(")
UNTYPED = "EnodeDefaultError"


def methods() -> dict[str, set[str]]:
    """Every method as `part.name`, with the names of its typed errors."""
    found = {}
    for part, (module, name) in Enode._sub_sdk_map.items():
        owner = getattr(importlib.import_module(module), name)
        for method, function in inspect.getmembers(owner, inspect.isfunction) if part in SERVED else ():
            if not method.startswith("_") and not method.endswith("_async") and method in vars(owner):
                found[f"{part}.{method}"] = set(TYPED.findall(inspect.getsource(function))) - {UNTYPED}
    return found


def called_in(folder: Path) -> set[str]:
    """The methods that the tests in a folder call, by the part's own name or by another that a test gives it."""
    return {call for path in folder.glob("test_*.py") for call in _calls(ast.parse(path.read_text()))}


def _calls(tree: ast.Module) -> Iterator[str]:
    """Attributes of a part: `sdk.vehicles.get`, or `mine.get` where the same function says `mine = sdk.webhooks`."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        others = {
            target.id: node.value.attr
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr in SERVED
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute):
                holder = node.value
                part = holder.attr if isinstance(holder, ast.Attribute) else ""
                part = others.get(holder.id, "") if isinstance(holder, ast.Name) else part
                if part in SERVED:
                    yield f"{part}.{node.attr}"
