from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from autograder.release.stubs import Removed, StubError, stubbed

MODULE = dedent('''\
    """About the module."""

    from __future__ import annotations

    import math

    import numpy as np
    from numpy.linalg import inv, norm

    from .windows import output_size

    # how far a step goes
    _STEP = math.tau
    SHOWN = 3


    # lays the windows out
    @staticmethod
    def _columns(x):
        return output_size(x, _STEP)


    def task( x,y = SHOWN ) :   # kept as it is
        """The contract · with Σ."""
        # the idea: transpose
        z = _columns(inv(x))
        return np.sum(z)
        # and this is why

    # about the other one
    class Tensor:
        """A tensor."""

        def relu(self):
            """max(0, x)."""
            return self._clip(0)

        def _clip(self, low):
            return max(low, self.value)

        def size(self):
            return norm(self.value)
''')


def cut_module(*tasks: str, omit: tuple[str, ...] = (), text: str = MODULE) -> str:
    return stubbed(text, Removed("a4", tasks, omit, ("numpy",)), "dlc_lib/module.py")


def test_body_becomes_the_stub_line_and_the_docstring_stays() -> None:
    stub = cut_module("task")
    assert (
        'def task( x,y = SHOWN ) :   # kept as it is\n    """The contract · with Σ."""\n'
        '    raise NotImplementedError("a4/task")\n\n# about the other one\nclass Tensor:' in stub
    )
    assert "the idea" not in stub
    assert "this is why" not in stub


def test_method_is_cut_by_its_qualified_name_and_its_neighbours_stay() -> None:
    stub = cut_module("Tensor.relu")
    assert '"""max(0, x)."""\n        raise NotImplementedError("a4/Tensor.relu")\n' in stub
    assert "return self._clip(0)" not in stub
    assert "return max(low, self.value)" in stub
    assert "z = _columns(inv(x))" in stub


def test_omitted_helper_goes_with_decorator_and_comment() -> None:
    stub = cut_module("task", omit=("_columns",))
    for word in ("_columns", "staticmethod", "lays the windows out"):
        assert word not in stub
    assert "SHOWN = 3\n\n\ndef task(" in stub


def test_omitted_method_leaves_its_class_whole() -> None:
    stub = cut_module("Tensor.relu", omit=("Tensor._clip",))
    assert "_clip" not in stub
    assert [each.name for each in ast.parse(stub).body if isinstance(each, ast.ClassDef)] == ["Tensor"]
    assert "def size(self):" in stub


def test_imports_and_constants_that_only_cut_code_used_are_dropped() -> None:
    stub = cut_module("task", omit=("_columns",))
    for gone in ("inv", "math", "_STEP", "how far", "output_size"):
        assert gone not in stub
    assert "from numpy.linalg import norm" in stub
    assert "from __future__ import annotations\n\nimport numpy as np\n" in stub


def test_what_is_still_used_stays() -> None:
    stub = cut_module("Tensor.relu")
    assert stub.startswith(MODULE[: MODULE.index("def relu")])


def test_everything_not_cut_keeps_its_text() -> None:
    assert cut_module() == MODULE


def test_one_line_function_is_cut() -> None:
    stub = cut_module("f", text='def f(x): "contract"; return x + 1\n')
    assert stub == 'def f(x): "contract"; raise NotImplementedError("a4/f")\n'


def test_code_on_the_last_line_of_the_docstring_is_cut() -> None:
    stub = cut_module("f", text='def f(x):\n    """Σ contract"""; y = x\n    return y\n')
    assert stub == 'def f(x):\n    """Σ contract"""\n    raise NotImplementedError("a4/f")\n'


def test_all_faults_are_reported_at_once_with_their_lines() -> None:
    text = "class A:\n    pass\n\ndef bare(x):\n    return x\n"
    with pytest.raises(StubError) as error:
        cut_module("bare", "A", "absent", omit=("_gone",), text=text)
    said = "\n".join(error.value.faults)
    assert "dlc_lib/module.py:4: bare has no docstring" in said
    assert "dlc_lib/module.py:1: A is no function" in said
    assert "has no absent" in said
    assert "has no _gone" in said


def test_text_that_is_not_python_is_a_fault_with_its_line() -> None:
    with pytest.raises(StubError, match=r"module.py:2: "):
        cut_module("f", text="x = 1\ndef f(:\n")


def test_task_inside_an_omitted_class_is_a_fault() -> None:
    with pytest.raises(StubError, match="removes it with Tensor"):
        cut_module("Tensor.relu", omit=("Tensor",))
