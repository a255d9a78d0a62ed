"""Lecture 6: the meta-gradient is autograd's, first order is biased as derived, and MAML adapts as published."""

from typing import Any

import pytest
from lecture_cells import check_the_check, code_of, run

LECTURE = "06-optimization-based-meta-learning"

pytestmark = pytest.mark.execute


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


def test_the_theorem_and_the_recursion_are_autograds_gradient(names: dict[str, Any]) -> None:
    assert max(names["gaps"]) < 1e-10
    assert names["by_autograd"].norm() > 0.1


def test_the_hessian_term_is_not_a_small_correction(names: dict[str, Any]) -> None:
    assert (names["by_theorem"] - names["g"]).norm() > 0.1 * names["g"].norm()


def test_the_check_fails_when_the_hessians_come_in_the_wrong_order(names: dict[str, Any]) -> None:
    wrong = code_of(LECTURE, "three-ways").replace("for phi in path[:-1]", "for phi in reversed(path[:-1])")
    with pytest.raises(AssertionError):
        exec(wrong, names | {"inner_lr": 0.1})


def test_the_first_order_error_is_below_its_bound(names: dict[str, Any]) -> None:
    pairs = [pair for pairs in names["measured"].values() for pair in pairs]
    assert all(0 < error <= bound for error, bound in pairs)


@pytest.mark.parametrize(("power", "start"), [(0, -0.6), (1, 0.0), (2, 0.6)])
def test_the_three_methods_stop_where_the_example_says(power: int, start: float) -> None:
    import torch

    steepness, center = torch.tensor([4.0, 1.0]).double(), torch.tensor([-1.0, 1.0]).double()
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    step = steepness * (theta - center)
    phi = theta - 0.2 * (step if power == 2 else step.detach()) * (power > 0)
    (steepness / 2 * (phi - center) ** 2).sum().backward()
    assert theta.grad is not None
    assert abs(theta.grad.item()) < 1e-12


def test_maml_beats_first_order_beats_pre_training_for_every_seed_and_number_of_steps(names: dict[str, Any]) -> None:
    errors = names["errors"]
    for steps in (1, 5, 10):
        assert (errors["MAML"][steps] < errors["FOMAML"][steps]).all()
        assert (errors["FOMAML"][steps] < 0.7 * errors["pre-training"][steps]).all()


def test_the_errors_are_of_the_published_size(names: dict[str, Any]) -> None:
    ours = {name: names["errors"][name][[1, 5, 10]].mean(1).tolist() for name in ("MAML", "pre-training")}
    assert ours["pre-training"] == pytest.approx(names["paper"]["pre-training"], rel=0.15)
    assert all(ours < 1.6 * paper for ours, paper in zip(ours["MAML"], names["paper"]["MAML"], strict=True))


def test_anil_helps_after_one_step_and_overshoots_after_ten(names: dict[str, Any]) -> None:
    errors = names["errors"]
    assert (errors["ANIL"][1] < errors["pre-training"][1]).all()
    assert errors["ANIL"][10].mean() > errors["ANIL"][1].mean()
    assert names["overshooting"]["ANIL"] > names["overshooting"]["MAML"]


def test_no_rate_makes_pre_training_as_good_as_maml_after_one_step(names: dict[str, Any]) -> None:
    assert names["best"] > 1.5 * names["errors"]["MAML"][1].mean()
    assert names["inner_lr"] == 0.01


def test_the_gradient_of_anil_is_autograds(names: dict[str, Any]) -> None:
    assert names["anil_gap"] < 1e-10


def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
