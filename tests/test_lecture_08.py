"""Lecture 8: what memorises fails on new tasks, and each cure helps, for every seed."""

from typing import Any

import pytest
from lecture_cells import check_the_check, run

LECTURE = "08-advanced-meta-learning"

pytestmark = pytest.mark.execute


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


def test_with_the_id_in_sight_seen_tasks_are_perfect_and_new_ones_hopeless(names: dict[str, Any]) -> None:
    assert (names["seen"][0] < 0.01).all()
    assert (names["new"][0] > 0.3).all()


def test_the_swap_test_tells_the_memoriser_without_new_tasks(names: dict[str, Any]) -> None:
    assert (names["swapped"][0] < 0.02).all()
    assert (names["swapped"][3] > 0.1).all()


def test_hiding_the_id_more_often_helps_on_new_tasks_and_costs_on_seen_ones(names: dict[str, Any]) -> None:
    for hidden in (1, 2, 3):
        assert (names["new"][hidden] < names["new"][0].min() / 2).all()
    means = names["seen"][:4].mean(dim=1)
    assert (means.diff() > 0).all()


def test_more_tasks_and_not_more_episodes_close_the_gap(names: dict[str, Any]) -> None:
    gaps = (names["new"] - names["blank"]).mean(dim=1)[[4, 5, 3, 6]]
    assert (gaps.diff() < 0).all()
    assert (names["new"][4].min() > names["new"][6]).all()


def test_the_price_is_information_plus_waste(names: dict[str, Any]) -> None:
    assert names["bottleneck_gap"] < 1e-10
    assert names["paid"] > names["information"] > 0


def test_the_published_failure_and_the_published_cure(names: dict[str, Any]) -> None:
    assert (names["cnp_seen"] < 0.05).all()
    for cnp, mr_cnp in ((names["cnp_5"], names["mr_5"]), (names["cnp_10"], names["mr_10"])):
        assert (cnp > 0.5).all()
        assert (mr_cnp[1:3] < cnp.min() / 2).all()
        assert (mr_cnp[3] > cnp.max()).all()


def test_the_cured_code_cannot_hold_the_tag(names: dict[str, Any]) -> None:
    assert (names["nats"][2] < names["math"].log(16)).all()
    assert (names["nats"][0] > names["nats"][1].max()).all()


def test_invented_tasks_keep_support_and_query_apart(names: dict[str, Any]) -> None:
    for support, query in names["inventions"]:
        assert support.shape == query.shape == (5, 2)
        assert len(set(support.flatten().tolist() + query.flatten().tolist())) == 20


def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
