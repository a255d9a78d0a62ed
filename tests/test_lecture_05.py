"""Lecture 5: the black box learns from its input, and one layer of linear attention becomes one gradient step."""

from typing import Any

import pytest
from lecture_cells import check_the_check, run

LECTURE = "05-black-box-meta-learning"

pytestmark = pytest.mark.execute


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


def test_more_points_help_the_black_box_and_tasks_outside_its_prior_do_not_come_out(names: dict[str, Any]) -> None:
    errors = list(names["errors"].values())
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.15
    assert names["outside"] > 2 * errors[-1]


def test_the_order_of_the_support_does_not_matter(names: dict[str, Any]) -> None:
    assert names["order_gap"] < 1e-4


def test_layers_are_gradient_steps(names: dict[str, Any]) -> None:
    assert len(names["gaps"]) == 4
    assert max(names["gaps"]) < 1e-10


def test_every_trained_layer_reaches_the_theorems_floor_and_is_the_step(names: dict[str, Any]) -> None:
    assert names["loss_step"] == pytest.approx(names["floor"], rel=0.02)
    assert (names["loss_trained"] < 1.01 * names["loss_step"]).all()
    assert min(names["relation"]) > 0.995
    assert names["gamma_gap"].max() < 0.06


def test_the_floor_is_the_smallest_loss_over_learning_rates(names: dict[str, Any]) -> None:
    x, y = names["linear_tasks"](40000, generator=names["torch"].Generator().manual_seed(5))
    step = ((y * x)[..., :-1, :].mean(dim=-2) * x[..., -1, :]).sum(dim=-1)
    truth = y[..., -1, 0]
    best = (step * truth).mean() / step.square().mean()
    assert best.item() == pytest.approx(names["best_lr"], rel=0.03)
    assert (best * step - truth).square().mean().item() == pytest.approx(names["floor"], rel=0.03)


def test_depth_brings_the_error_down_to_the_ideal(names: dict[str, Any]) -> None:
    one, five, thirty, ideal = (values[6] for values in names["by_size"].values())
    assert one > 1.5 * five > 3 * thirty
    assert ideal < 1e-6


def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
