import pytest

from autograder.intake import load_plan
from autograder.model import Submission

POOL_STUB = 'def pool_forward(x):\n    raise NotImplementedError("a/pool_forward")\n'


@pytest.fixture
def plan(make, course, assignment):
    projection = {
        "dlc_lib/__init__.py": "",
        "dlc_lib/conv.py": make.stub,
        "dlc_lib/pool.py": POOL_STUB,
        "dlc_lib/layers.py": make.layers,
        "README.md": "x",
        "other/pool.py": "x",
    }

    def plan_of(modules, script=None):
        return load_plan(course, assignment, Submission("ada", "a", modules, script), projection)

    return plan_of


def test_a_module_that_was_not_handed_in_is_the_stub(make, plan):
    assert plan({"conv": make.conv}).modules == {"conv": make.conv, "pool": POOL_STUB, "layers": make.layers}


def test_provided_modules_are_always_ours(make, plan):
    assert plan({"layers": "def relu(x): return 'mine'\n"}).modules["layers"] == make.layers


def test_helpers_of_the_students_own_are_loaded(plan):
    assert plan({"tools": "x = 1\n"}).modules["tools"] == "x = 1\n"


def test_a_script_replaces_what_the_modules_leave_undone(make, plan):
    found = plan({"conv": make.conv}, make.conv + make.pool)
    assert found.script == make.conv + make.pool
    assert found.adopt == {"pool": ("pool_forward",)}


def test_a_script_alone_supplies_each_task_it_defines(make, plan):
    assert plan({}, make.conv).adopt == {"conv": ("conv_forward", "conv_backward")}


def test_a_module_with_an_error_of_syntax_is_loaded_so_that_its_tests_say_so(plan, make):
    found = plan({"conv": "def conv_forward(:\n"}, make.conv)
    assert found.modules["conv"] == "def conv_forward(:\n"
    assert found.adopt == {}


def test_without_a_script_nothing_is_adopted(make, plan):
    assert plan({"conv": make.conv}).adopt == {}
