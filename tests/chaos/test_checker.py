"""Every verdict of the checker, provoked by a made-up history."""

import dataclasses

import pytest

from checker import AFTERWARDS, STEPS, check, worst_recovery
from history import (
    BOUND_S, BROKEN, NO_SITE, Deployment, History, Phase, ProjectState, Request, Sample, Strike,
)

FAULT = "made-up"
HEALED = 1000.0


def deployment(number=1, **changes):
    """One that completed at the first attempt."""
    usual = Deployment(
        id=f"d{number}", request_id=f"r{number}", project="p", generation=number, status="completed",
        created_at=HEALED - 10 + number, finished_at=HEALED - 9.5 + number, outcomes=["completed"],
        steps=dict.fromkeys(STEPS, "completed"), releases=1,
    )
    return dataclasses.replace(usual, **changes)


def ended(number, status, **changes):
    return deployment(number, **(dict(status=status, steps={}, releases=0, outcomes=[status]) | changes))


def exhausted(number=1, **changes):
    lost = dict(failure_class="exhausted", outcomes=["lease_lost", "retry", "failed"])
    return ended(number, "failed", **(lost | changes))


def request(number=1, **changes):
    usual = Request(FAULT, "p", f"r{number}", status=202, deployment=f"d{number}")
    return dataclasses.replace(usual, **changes)


def project(live=1, **changes):
    usual = ProjectState(
        FAULT, "p", at=HEALED + 100, page=f"r{live}", live_deployment=f"d{live}", live_generation=live,
        used=1, taken=1,
    )
    return dataclasses.replace(usual, **changes)


def nothing_live(**changes):
    return project(page=NO_SITE, live_deployment=None, live_generation=0, **changes)


def history(deployments=(), requests=None, **changes):
    deployments = list(deployments)
    if requests is None:
        requests = [Request(FAULT, d.project, d.request_id, status=202, deployment=d.id) for d in deployments]
    phase = Phase(FAULT, strikes=[Strike(HEALED - 20, HEALED)], injected=1)
    usual = History(phases=[phase], requests=list(requests), deployments=deployments)
    return dataclasses.replace(usual, **changes)


def verdicts(history):
    return [(finding.column, finding.fault) for finding in check(history)]


def pages(*shown):
    return [Sample(HEALED + at, FAULT, "p", page) for at, page in enumerate(shown)]


def good_history():
    return history(
        [deployment(1), ended(2, "cancelled"), deployment(3), exhausted(4)],
        [request(1), request(2, cancels=["cancelled"]), request(3), request(4)],
        projects=[project(3)], samples=pages(NO_SITE, "r1", "r3"), dead_rows=["d4"], dead_messages=["d4", "d4"],
    )


def test_a_good_history_has_no_finding():
    assert check(good_history()) == []


def test_a_refused_request_needs_no_deployment():
    assert check(history([], [request(status=503, deployment=None), request(2, status=None, deployment=None)])) == []


def test_an_accepted_request_without_a_row_is_lost():
    assert verdicts(history([], [request()])) == [("lost", FAULT)]


@pytest.mark.parametrize("status", ["queued", "in_progress"])
def test_a_deployment_that_never_ends_is_stuck(status):
    assert verdicts(history([deployment(status=status, finished_at=None)])) == [("stuck", FAULT)]


def test_a_deployment_that_ends_too_late_is_stuck():
    assert check(history([deployment(finished_at=HEALED + BOUND_S)])) == []
    assert verdicts(history([deployment(finished_at=HEALED + BOUND_S + 1)])) == [("stuck", FAULT)]


def test_a_deployment_posted_after_the_fault_has_its_own_time():
    late = deployment(created_at=HEALED + 50, finished_at=HEALED + 50 + BOUND_S)
    assert check(history([late])) == []
    late.finished_at += 1
    assert verdicts(history([late])) == [("stuck", FAULT)]


def test_a_request_without_an_answer_may_exist_but_has_to_end():
    unanswered = [request(status=None, deployment=None)]

    assert check(history([deployment()], unanswered)) == []
    assert verdicts(history([deployment(status="queued", finished_at=None)], unanswered)) == [("stuck", FAULT)]


@pytest.mark.parametrize("bad", [
    deployment(outcomes=["completed", "completed"]),
    deployment(releases=2),
    deployment(outcomes=["lease_lost", "lease_lost", "lease_lost", "completed"]),
], ids=["completed-twice", "released-twice", "four-attempts"])
def test_what_happens_twice_is_doubled(bad):
    assert verdicts(history([bad])) == [("doubled", FAULT)]


def test_attempts_that_were_handed_back_do_not_count():
    assert check(history([deployment(outcomes=["handed_back"] * 5 + ["lease_lost", "completed"])])) == []


def test_quota_that_was_taken_twice_is_doubled():
    assert verdicts(history([deployment()], projects=[project(used=2, taken=1)])) == [("doubled", FAULT)]


def test_an_attempt_used_up_where_none_may_be_is_wrong():
    record = history([deployment(outcomes=["lease_lost", "completed"])])
    assert check(record) == []

    record.phases[0].single_attempt = True

    assert verdicts(record) == [("wrong", FAULT)]
    assert check(dataclasses.replace(record, deployments=[deployment(outcomes=["handed_back", "completed"])])) == []


def test_a_final_state_that_changes_is_wrong():
    assert check(history([deployment(first_end="completed")])) == []
    assert verdicts(history([deployment(first_end="cancelled")])) == [("wrong", FAULT)]


@pytest.mark.parametrize("bad", [
    exhausted(outcomes=["retry", "failed"]),
    exhausted(outcomes=["handed_back", "retry", "failed"]),
    ended(1, "failed", failure_class="user", error_code="build_failed"),
    ended(1, "failed", failure_class="resource", outcomes=["retry", "retry", "failed"]),
], ids=["too-early", "handed-back", "user", "resource"])
def test_a_deployment_that_fails_without_three_bad_attempts_is_wrong(bad):
    letters = {"dead_rows": [bad.id]} if bad.failure_class == "exhausted" else {}
    assert verdicts(history([bad], **letters)) == [("wrong", FAULT)]


def test_a_cancelled_deployment_that_nobody_cancelled_is_wrong():
    assert verdicts(history([ended(1, "cancelled")])) == [("wrong", FAULT)]


def test_a_cancel_without_an_answer_may_have_been_one():
    assert check(history([ended(1, "cancelled")], [request(cancels=[None])])) == []
    assert check(history([deployment()], [request(cancels=[None])])) == []


@pytest.mark.parametrize("choice", ["supersede", "queue"])
def test_only_a_later_request_that_says_so_supersedes(choice):
    both = [ended(1, "cancelled"), deployment(2)]

    assert check(history(both, [request(1), request(2, on_conflict=choice)])) == []
    assert verdicts(history(both, [request(1), request(2)])) == [("wrong", FAULT)]
    assert verdicts(history(both, [request(1, on_conflict=choice), request(2)])) == [("wrong", FAULT)]
    elsewhere = [both[0], dataclasses.replace(both[1], project="q")]
    assert verdicts(history(elsewhere, [request(1), request(2, on_conflict=choice)])) == [("wrong", FAULT)]


@pytest.mark.parametrize("answer", ["cancelled", "cancelling"])
def test_a_completed_deployment_whose_cancelling_was_promised_is_wrong(answer):
    assert verdicts(history([deployment()], [request(cancels=[answer])])) == [("wrong", FAULT)]


def test_a_deployment_that_was_too_live_to_cancel_has_to_complete():
    live = [request(cancels=["deployment_live"])]

    assert check(history([deployment()], live)) == []
    assert verdicts(history([exhausted()], live, dead_rows=["d1"])) == [("wrong", FAULT)]


def test_a_completed_deployment_with_an_unfinished_step_is_wrong():
    steps = dict.fromkeys(STEPS, "completed")

    assert verdicts(history([deployment(steps=steps | {"cleanup": "in_progress"})])) == [("wrong", FAULT)]
    del steps["sync"]
    assert verdicts(history([deployment(steps=steps)])) == [("wrong", FAULT)]


def test_a_completed_deployment_without_a_release_is_wrong():
    assert verdicts(history([deployment(releases=0)])) == [("wrong", FAULT)]


def test_another_deployment_recorded_as_live_is_wrong():
    both = [deployment(1), deployment(2)]

    for changes in ({"live_deployment": "d1"}, {"live_generation": 1}, {"live_deployment": None}):
        assert verdicts(history(both, projects=[project(2, **changes)])) == [("wrong", FAULT)]


def test_a_page_older_than_the_newest_completed_deployment_is_older_over_newer():
    record = history([deployment(1), deployment(2)], projects=[project(2, page="r1")])
    assert verdicts(record) == [("older-over-newer", FAULT)]


@pytest.mark.parametrize("page", [NO_SITE, BROKEN, "r3", "r9"])
def test_a_page_that_is_not_the_newest_completed_deployments_is_wrong(page):
    record = history(
        [deployment(1), deployment(2), exhausted(3)], projects=[project(2, page=page)], dead_rows=["d3"],
    )
    assert verdicts(record) == [("wrong", FAULT)]


def test_a_project_where_nothing_completed_is_not_live():
    failed = {"deployments": [exhausted()], "dead_rows": ["d1"]}

    assert check(history(**failed, projects=[nothing_live()])) == []
    assert verdicts(history(**failed, projects=[project(1, page=NO_SITE)])) == [("wrong", FAULT)]
    assert verdicts(history(**failed, projects=[dataclasses.replace(nothing_live(), page="r1")])) == [("wrong", FAULT)]


def test_what_completed_after_the_look_at_a_project_does_not_count_in_it():
    later = deployment(2, created_at=HEALED + 101, finished_at=HEALED + 102)
    assert check(history([deployment(1), later], projects=[project(1)])) == []


def test_a_project_that_is_still_at_work_is_not_judged():
    unfinished = deployment(2, status="in_progress", finished_at=None)
    record = history([deployment(1), unfinished], projects=[project(1, page="r2", busy=True)])
    assert verdicts(record) == [("stuck", FAULT)]


def test_a_project_that_stays_wrong_is_counted_in_the_first_phase_only():
    states = [project(2, page="r1"), project(2, page="r1", fault="later", at=HEALED + 200)]
    record = history([deployment(1), deployment(2)], projects=states)
    assert verdicts(record) == [("older-over-newer", FAULT)]


def test_a_page_that_goes_back_during_the_run_is_older_over_newer():
    record = history([deployment(1), deployment(2)], samples=pages("r1", "r2", "r1", "r2"))
    assert verdicts(record) == [("older-over-newer", FAULT)]


def test_the_order_of_acceptance_decides_which_page_is_older():
    swapped = [deployment(1, generation=2), deployment(2, generation=1)]
    assert check(history(swapped, samples=pages("r2", "r1"))) == []
    assert verdicts(history(swapped, samples=pages("r1", "r2"))) == [("older-over-newer", FAULT)]


@pytest.mark.parametrize("shown", [["r1", NO_SITE], ["r1", BROKEN], ["r9"]], ids=["gone", "broken", "unknown"])
def test_a_page_that_is_none_of_the_projects_is_wrong(shown):
    assert verdicts(history([deployment(1)], samples=pages(*shown))) == [("wrong", FAULT)]


@pytest.mark.parametrize("end", [ended(2, "cancelled"), exhausted(2)], ids=["cancelled", "failed"])
def test_a_page_of_a_deployment_that_did_not_complete_is_wrong(end):
    record = history(
        [deployment(1), end], [request(1), request(2, cancels=[None])], samples=pages("r1", "r2"),
        dead_rows=["d2"] if end.status == "failed" else [],
    )
    assert verdicts(record) == [("wrong", FAULT)]


@pytest.mark.parametrize("place", ["outbox", "queued"])
def test_a_message_that_stays_is_stuck_in_the_phase_of_its_deployment(place):
    assert verdicts(history([deployment()], **{place: ["d1"]})) == [("stuck", FAULT)]
    assert verdicts(history([deployment()], **{place: [None]})) == [("stuck", AFTERWARDS)]


@pytest.mark.parametrize("place", ["dead_rows", "dead_messages"])
def test_a_dead_letter_of_a_deployment_that_was_not_exhausted_is_wrong(place):
    assert verdicts(history([deployment()], **{place: ["d1"]})) == [("wrong", FAULT)]
    assert verdicts(history([], **{place: [None]})) == [("wrong", AFTERWARDS)]


def test_two_dead_letters_of_one_deployment_are_doubled():
    assert verdicts(history([exhausted()], dead_rows=["d1", "d1"])) == [("doubled", FAULT)]


def test_what_the_driver_saw_go_wrong_is_a_finding():
    record = history([])
    record.phases[0].troubles.append(("wrong", "a worker crashed"))
    assert verdicts(record) == [("wrong", FAULT)]


def test_recovery_is_the_time_until_the_last_deployment_under_way_has_ended():
    record = history([
        deployment(1, created_at=HEALED - 30, finished_at=HEALED - 21),  # before the fault
        deployment(2, created_at=HEALED - 30, finished_at=HEALED + 3),
        deployment(3, created_at=HEALED - 1, finished_at=HEALED + 7),
        deployment(4, created_at=HEALED + 1, finished_at=HEALED + 50),  # after it
    ])

    assert worst_recovery(record, record.phases[0]) == pytest.approx(7)


def test_recovery_from_a_fault_of_an_instant_begins_with_it():
    record = history([deployment(1, created_at=HEALED - 1, finished_at=HEALED + 31)])
    record.phases[0].strikes = [Strike(HEALED, HEALED), Strike(HEALED + 40, HEALED + 40)]

    assert worst_recovery(record, record.phases[0]) == pytest.approx(31)


def test_recovery_is_unknown_where_nothing_was_under_way_and_endless_where_nothing_ends():
    record = history([])
    assert worst_recovery(record, record.phases[0]) is None

    record = history([deployment(1, status="queued", finished_at=None)])
    assert worst_recovery(record, record.phases[0]) == float("inf")
