"""Private names of pytest, torch, Triton and JAX that the framework leans on: listed, there, and bounded.

None of them is promised by their makers. Who raises a bound in `pyproject.toml` runs this test with the new
version; who uses another private name lists it here.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("autograder", "dlc_lib")
    for path in ROOT.glob(f"{folder}/**/*.py")
    if "probes" not in path.parts  # what attacks touch is no support of ours
}
EXTRAS = ("triton", "jax")
STANDARD = ("os", "sys", "ctypes")
# pytest's own package, whatever has a part that begins with one underscore, and of Triton everything but its
# language and the few names at its top.
PRIVATE = re.compile(
    r"_pytest\..+|(?:pytest|torch|triton|jax|jaxlib|numpy)\.(?:\w+\.)*_[A-Za-z]\w*.*|triton\.(?!language)\w+\..+"
)
NAMES = {
    "_pytest.assertion.rewrite.rewrite_asserts",
    "_pytest.config._prepareconfig",
    "_pytest.main.Session.from_config",
    "jaxlib._jax",
    "torch._C.DisableTorchFunction",
    "torch._C._get_schema",
    "torch._C._jit_get_all_schemas",
    "torch._dynamo",
    "torch.utils._python_dispatch.TorchDispatchMode",
    "triton.backends.compiler.GPUTarget",
    "triton.backends.driver.DriverBase",
    "triton.backends.nvidia.compiler.CUDABackend.make_cubin",
    "triton.knobs.cache",
    "triton.knobs.runtime.interpret",
    "triton.runtime.autotuner.Autotuner.run",
    "triton.runtime.cache.CacheManager",
    "triton.runtime.driver.active",
    "triton.runtime.interpreter.InterpretedFunction.run",
    "triton.runtime.interpreter._interpreter",
    "triton.runtime.jit.JITFunction.run",
    "triton.tools.tensor_descriptor.TensorDescriptor.from_tensor",
}
ATTRIBUTES = {  # of an object of theirs -> its class
    "_active": "triton.runtime.driver.DriverConfig",
    "_do_configure": "pytest.Config",
    "_ensure_unconfigure": "pytest.Config",
    "_fixtureinfo": "pytest.Function",
    "_fixturemanager": "pytest.Session",
    "_initrequest": "pytest.Function",
    "_report_sections": "pytest.Function",
    "_request": "pytest.Function",
    "_schema": "torch._ops.OpOverload",
    "_setupstate": "pytest.Session",
}


def names_in(tree: ast.Module) -> Iterator[str]:
    """Dotted names that a file imports, reaches by attributes or spells in a string."""
    stands_for = {"_torch": "torch"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                stands_for[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, *rest = parts_of(node)
            yield ".".join([stands_for.get(first, first), *rest])
        elif isinstance(node, ast.Constant) and re.fullmatch(r"\w+(\.\w+)+", str(node.value)):
            yield str(node.value)


def parts_of(node: ast.expr) -> list[str]:
    """`self._torch._C.x` as its parts, `self` left out; of `f().x`, what stands behind the call."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return [node.id, *parts] if isinstance(node, ast.Name) and node.id not in ("self", "cls") else parts


def private_names(trees: dict[Path, ast.Module]) -> set[str]:
    """The longest of the private dotted names; what a GPU's driver has, is there only where a GPU is."""
    found = {name for tree in trees.values() for name in names_in(tree) if PRIVATE.fullmatch(name)}
    found = {re.sub(r"(driver\.active)\..*", r"\1", name) for name in found}
    return {name for name in found if not any(other.startswith(f"{name}.") for other in found)}


def private_attributes(trees: dict[Path, ast.Module]) -> set[str]:
    """Underscored attributes of other objects than `self` that nothing in this project defines."""
    defined, used = set(), set()
    for node in (each for tree in trees.values() for each in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            defined.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            defined.add(node.id)
        elif isinstance(node, ast.Constant) and str(node.value).isidentifier():
            defined.add(str(node.value))  # of __slots__
        elif isinstance(node, ast.Attribute) and re.fullmatch(r"_[a-z]\w*[^_]", node.attr):
            first, *_ = parts_of(node)
            if first in STANDARD:
                continue
            of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
            (defined if of_self and isinstance(node.ctx, ast.Store) else used).add(node.attr)
    return used - defined - {name.rpartition(".")[2] for name in private_names(trees)}


def test_every_private_name_that_is_used_is_listed():
    assert private_names(TREES) == NAMES
    assert private_attributes(TREES) == set(ATTRIBUTES)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from _pytest.runner import call_and_report", "_pytest.runner.call_and_report"),
        ("import torch\ntorch._inductor.config", "torch._inductor.config"),
        ("from torch import _ops as o\no.OpOverload()", "torch._ops.OpOverload"),
        ("import triton\ntriton.compiler.compile()", "triton.compiler.compile"),
        ("PRELOADED = ('torch._refs',)", "torch._refs"),
    ],
)
def test_a_private_name_is_found_however_it_is_reached(code, name):
    assert private_names({Path(): ast.parse(code)}) == {name}


def test_public_names_are_no_findings():
    code = "import torch, triton\nfrom triton import language as tl\ntorch.nn.Linear, tl.dot, triton.jit"
    assert private_names({Path(): ast.parse(code + ", torch.Tensor.__add__")}) == set()
    assert private_attributes({Path(): ast.parse("self._mine = 1\nother._mine, item._theirs")}) == {"_theirs"}


@pytest.mark.parametrize("name", sorted(NAMES - {"triton.runtime.driver.active"}))
def test_the_name_is_there_in_the_installed_version(name):
    if name.startswith(EXTRAS):
        pytest.importorskip(name.partition(".")[0], reason="an extra that is not installed")
    reached(name)


@pytest.mark.parametrize("attribute", sorted(ATTRIBUTES))
def test_the_attribute_is_there_in_the_installed_version(attribute):
    if ATTRIBUTES[attribute].startswith(EXTRAS):
        pytest.importorskip("triton", reason="an extra that is not installed")
    owner = reached(ATTRIBUTES[attribute])
    bases = owner.__mro__[:-1]
    assert hasattr(owner, attribute) or any(attribute in inspect.getsource(each) for each in bases)


def reached(name: str) -> object:
    """What a dotted name stands for."""
    module, rest = name, []
    while importlib.util.find_spec(module.split(".")[0]) and not is_module(module):
        module, _, last = module.rpartition(".")
        rest.insert(0, last)
    value: object = importlib.import_module(module)
    for each in rest:
        value = getattr(value, each)
    return value


def is_module(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return False
    return True


def test_each_package_with_private_names_in_use_has_an_upper_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["gpu"], *extras["dev"]]
    bounded = {re.split(r"[<>=]", each)[0] for each in wanted if "<" in each}
    assert bounded >= {"pytest", "torch", "triton", "jax"}
