"""A run is decided by its seed."""

import random

import pytest

from faults import FAULTS
from plan import BUILDERS, describe, make_plan


def test_two_plans_of_one_seed_are_equal():
    first = make_plan(7, 1000, FAULTS)
    random.random()
    second = make_plan(7, 1000, FAULTS)

    assert first == second
    assert list(describe(first)) == list(describe(second))


def test_plans_of_two_seeds_differ_in_every_phase():
    for one, other in zip(make_plan(1, 1000, FAULTS), make_plan(2, 1000, FAULTS)):
        assert one.postings != other.postings


def test_a_fault_alone_is_planned_as_among_the_others():
    planned = make_plan(3, 10 * len(FAULTS), FAULTS)

    for phase, fault in zip(planned, FAULTS):
        assert make_plan(3, 10, [fault]) == (phase,)


@pytest.mark.parametrize("deployments", [len(FAULTS), 100, 1000])
def test_every_phase_injects_its_fault_while_deployments_are_left(deployments):
    for phase in make_plan(1, deployments, FAULTS):
        assert phase.injections
        assert all(1 <= injection.at <= len(phase.postings) for injection in phase.injections)


def test_all_deployments_are_planned():
    assert sum(len(phase.postings) for phase in make_plan(1, 1000, FAULTS)) == 1000


def test_only_projects_with_a_build_script_build():
    for phase in make_plan(1, 1000, FAULTS):
        for posting in phase.postings + phase.spares:
            assert (posting.site in BUILDERS) == (posting.build_s > 0)


def test_some_deployments_are_built_cancelled_and_in_conflict():
    postings = [posting for phase in make_plan(1, 1000, FAULTS) for posting in phase.postings]

    assert any(posting.build_s for posting in postings)
    assert {posting.cancel.state for posting in postings if posting.cancel} >= {"queued", "build", "switch"}
    assert {posting.on_conflict for posting in postings} == {None, "supersede", "queue"}
