"""A hidden test whose fixtures are pytest's, run without pytest's hooks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest


def run_phases(item: pytest.Function, begin: Callable[[], None]) -> BaseException | None:
    """Set up, run and tear down one item; what it raised first.

    Not by pytest's hooks: calling them costs more than a small test. Fixtures and parameters are pytest's
    own, and marks that only a hook would heed (skip, xfail) are refused when tests are collected.
    """
    item._initrequest()
    state = item.session._setupstate
    raised: BaseException | None = None
    try:
        begin()
        # What a student returns may overflow in a test's own arithmetic; that is for the test to judge.
        with np.errstate(all="ignore"):
            state.setup(item)
            item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # pytest's own outcomes (fail, skip) are no Exceptions
        raised = error
    finally:
        # No next item: otherwise pytest keeps what it set up for this student alive for the next one.
        try:
            state.teardown_exact(None)
        except Exception as error:
            raised = raised or error
        item._request = False  # type: ignore[assignment]
        item.funcargs = {}
        item._report_sections.clear()
        item.user_properties.clear()
    return raised
