"""Lecture 4: probing, fine-tuning and LP-FT come in the order that its theorem and its tables claim."""

from typing import Any

import pytest
from lecture_cells import check_the_check, run

LECTURE = "04-transfer-learning"

pytestmark = pytest.mark.execute


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


def test_the_gradients_are_autograds(names: dict[str, Any]) -> None:
    assert names["gradient_gap"] < 1e-10


def test_features_move_in_the_span_of_the_inputs_only(names: dict[str, Any]) -> None:
    assert all(moved > 1 for moved in names["moved"].values())
    assert all(moved < 1e-10 for moved in names["moved_off"].values())


def test_half_the_step_size_is_half_the_drift_of_the_conserved_matrix(names: dict[str, Any]) -> None:
    coarse, middle, fine = names["drift"].values()
    assert coarse / middle == pytest.approx(2, rel=0.1)
    assert middle / fine == pytest.approx(2, rel=0.1)


def test_perfect_features_make_probing_perfect_and_keep_fine_tuning_above_the_bound(names: dict[str, Any]) -> None:
    assert names["probe_error"] < 1e-20
    assert (names["bounds"] > 0).all()
    assert (names["best_on_path"] >= names["bounds"]).all()


def test_good_features_give_the_published_order_for_every_seed(names: dict[str, Any]) -> None:
    assert (names["id_ft"] < names["id_lp"]).all()
    assert (names["ood_lpft"] < names["ood_lp"]).all()
    assert (names["ood_lp"] < names["ood_ft"]).all()


def test_bad_features_turn_the_order_of_probing_and_fine_tuning_around(names: dict[str, Any]) -> None:
    probing, tuning, _ = names["sweep"].median(dim=2).values.T
    assert (probing[:4] < tuning[:4]).all()
    assert probing[-1] > tuning[-1]


def test_the_nonlinear_network_trades_too_and_there_lp_ft_is_not_better_than_lp(names: dict[str, Any]) -> None:
    (id_lp, ood_lp), (id_ft, ood_ft), (id_lpft, ood_lpft) = names["middle"].tolist()
    assert id_ft < id_lp
    assert id_lpft < id_ft
    assert ood_lp < ood_lpft < ood_ft


def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
