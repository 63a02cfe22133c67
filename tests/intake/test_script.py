def test_one_file_defines_the_tasks_by_name(make, read):
    found = read(make.tree("x", {"ada.py": make.conv + make.pool}) / "ada.py")
    assert found.reason is None
    assert found.student == "ada"
    assert found.modules == {}
    names = {}
    exec(found.script.replace("import numpy as np", ""), names)
    assert names.keys() >= {"conv_forward", "conv_backward", "pool_forward"}
    assert "ada.py: defines conv_backward, conv_forward, pool_forward" in found.notes


def test_one_file_named_as_a_module_is_that_module(make, read):
    found = read(make.tree("x", {"conv.py": make.conv}) / "conv.py")
    assert found.modules == {"conv": make.conv}
    assert found.script is None


def test_lines_of_a_file_keep_their_numbers(make, read):
    text = "print('hello')\n\n\n# comment\ndef pool_forward(x):\n    raise ValueError\n"
    script = read(make.tree("x", {"ada.py": text}) / "ada.py").script
    assert script.split("\n")[4] == "def pool_forward(x):"


def test_experiments_and_main_are_left_out(make, read):
    text = make.pool + "print(1)\nif __name__ == '__main__':\n    pool_forward.x = 1\n    main()\n"
    found = read(make.tree("x", {"ada.py": text}) / "ada.py")
    assert "print" not in found.script
    assert "main()" not in found.script
    assert "ada.py: 1 statements outside functions (loops, prints) were not run" in found.notes


def test_what_a_definition_needs_comes_along_in_order(make, read):
    text = (
        "from math import *\nA = 1\nB = A + 1\nUNUSED = 5\n"
        "try:\n    import fast\nexcept ImportError:\n    fast = None\n"
        "class Base:\n    pass\nclass Helper(Base):\n    pass\n"
        "def pool_forward(x):\n    return B, fast, Helper, floor(2.5)\n"
    )
    script = read(make.tree("x", {"ada.py": text}) / "ada.py").script
    names = {}
    exec(script, names)
    assert names["pool_forward"](0)[::3] == (2, 2)
    assert "UNUSED" not in script


def test_a_table_that_is_filled_step_by_step_is_whole(make, read):
    text = "T = {}\nT['a'] = 1\nT['b'] = 2\ndef pool_forward(x):\n    return T\n"
    names = {}
    exec(read(make.tree("x", {"ada.py": text}) / "ada.py").script, names)
    assert names["pool_forward"](0) == {"a": 1, "b": 2}


def test_a_function_made_by_assignment_counts(make, read):
    script = read(make.tree("x", {"ada.py": "pool_forward = lambda x: 5\n"}) / "ada.py").script
    names = {}
    exec(script, names)
    assert names["pool_forward"](0) == 5


def test_a_file_exported_from_a_notebook_is_read(make, read):
    text = "get_ipython().run_line_magic('matplotlib', 'inline')\n%load_ext x\n!ls\n" + make.pool
    found = read(make.tree("x", {"ada.py": text}) / "ada.py")
    assert found.reason is None
    assert "pool_forward" in found.script
    assert "get_ipython" not in found.script
    assert "ada.py: 2 lines for IPython or the shell (%, !, ?) were left out" in found.notes


def test_a_file_that_is_no_python_says_where(make, read):
    found = read(make.tree("x", {"ada.py": "x = 1\ndef pool_forward(x:\n    pass\n"}) / "ada.py")
    assert found.reason == "ada.py, line 2: Python says: '(' was never closed"


def test_an_empty_file_says_so(make, read):
    found = read(make.tree("x", {"ada.py": "\n  \n"}) / "ada.py")
    assert found.reason == "ada.py: is empty; hand in the file with your code"


def test_a_file_that_defines_nothing_asked_for_says_what_was(make, read):
    found = read(make.tree("x", {"ada.py": "def convolve(x):\n    return x\n"}) / "ada.py")
    assert found.reason == (
        "ada.py: defines none of the functions asked for; expected conv.py, pool.py, "
        "or a notebook or file with functions of these names"
    )


def test_functions_that_are_only_imported_are_not_defined(make, read):
    found = read(make.tree("x", {"ada.py": "from pool import pool_forward\n"}) / "ada.py")
    assert "defines none" in found.reason


def test_nothing_in_a_file_is_run(make, read, tmp_path):
    mark = tmp_path / "ran"
    text = f"open({str(mark)!r}, 'w')\n{make.pool}"
    assert read(make.tree("x", {"ada.py": text}) / "ada.py").reason is None
    assert not mark.exists()


def test_a_long_chain_of_names_is_followed_in_time(make, read):
    chain = "a0 = 1\n" + "".join(f"a{n} = a{n - 1}\n" for n in range(1, 5000))
    found = read(make.tree("x", {"ada.py": f"{chain}def pool_forward(x):\n    return a4999\n"}) / "ada.py")
    assert found.script.startswith("a0 = 1\na1 = a0\n")


def test_only_what_is_kept_of_a_line_is_run(make, read):
    text = (
        "é = 'ü'; print(é); A = 1; print(\n    2); B = 2; print(3)\n"
        "x = 5; y = [\n    6]; z = 7; \\\n  print(4)\nprint(5); \\\n  w = 8\n"
        "def pool_forward(x):\n    return A, B, z, w\n"
    )
    script = read(make.tree("x", {"ada.py": text}) / "ada.py").script
    names = {}
    exec(script, names)
    assert names["pool_forward"](0) == (1, 2, 7, 8)
    assert not names.keys() & {"é", "x", "y"}
    assert "print" not in script


def test_future_imports_of_several_files_come_first(make, read):
    future = "from __future__ import annotations\n"
    files = {"a.py": future + make.conv, "b.py": f"{future}def pool_forward(x: Y):\n    return 5\n"}
    found = read(make.tree("x", files))
    names = {}
    exec(found.script.replace("import numpy as np", ""), names)
    assert names["pool_forward"](0) == 5
    at = found.script.split("\n").index("def pool_forward(x: Y):")
    assert found.origins == ((2, "a.py"), (at, "b.py"))
