"""A machine that cannot give the tier asked for grades nothing, and says what it lacks."""

from __future__ import annotations

import pytest

from autograder.errors import TierUnavailable
from autograder.sandbox import Sandbox, tiers
from autograder.sandbox.inside import filters, landlock


@pytest.fixture
def no_landlock(monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    monkeypatch.setattr("os.geteuid", lambda: 1000)  # root has another way: a uid for each worker


@pytest.fixture
def no_filter(monkeypatch):
    def refuse(_):
        raise OSError(38, "this processor has no known system calls")

    monkeypatch.setattr(filters, "listed", refuse)


@pytest.fixture
def no_bubblewrap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.parametrize(
    ("lacking", "tier", "sentence"),
    [
        ("no_landlock", 1, "the kernel has no Landlock; use Linux 5.13 or newer"),
        ("no_filter", 1, "no known system calls; use x86-64 or arm64"),
        ("no_bubblewrap", 2, "there is no bwrap; install the package bubblewrap"),
    ],
)
def test_missing_layer_is_refused_with_the_way_out(request, lacking, tier, sentence):
    request.getfixturevalue(lacking)
    with pytest.raises(TierUnavailable, match="so nothing is graded") as caught:
        Sandbox(library="dlc_lib", packages=("numpy",), tier=tier)
    assert sentence in str(caught.value)


def test_tier_beyond_the_highest_is_refused():
    with pytest.raises(TierUnavailable, match=f"tier {tiers.HIGHEST + 1} is not built"):
        Sandbox(library="dlc_lib", packages=("numpy",), tier=tiers.HIGHEST + 1)


def test_lower_tier_does_not_need_the_missing_layer(no_landlock, no_bubblewrap):
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=0) as sandbox:
        assert sandbox.tier == 0


def test_all_is_there_on_this_machine_that_needs_no_rights():
    assert [tiers.missing(tier) for tier in range(3)] == [[], [], []]  # tier 3: see test_groups.py
