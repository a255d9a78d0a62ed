"""Lecture 7: the mean is the best prototype, distances are densities, and 20-way training beats 5-way as published."""

import math
from typing import Any

import pytest
from lecture_cells import check_the_check, code_of, run

LECTURE = "07-metric-based-meta-learning"

pytestmark = pytest.mark.execute


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


def test_the_mean_splits_the_sum_of_divergences_and_the_posterior_is_a_softmax_of_them(names: dict[str, Any]) -> None:
    assert max(names["gaps"]) < 1e-10
    assert names["mixture_gap"] < 1e-10
    assert names["by_bayes"].max() < 0.99


def test_the_lectures_own_check_fails_for_another_distance(names: dict[str, Any]) -> None:
    wrong = code_of(LECTURE, "mixture").replace("bregman(entropy, count, mean)", "bregman(entropy, mean, count)")
    with pytest.raises(AssertionError):
        exec(wrong, dict(names))


def test_one_gradient_step_from_a_zero_head_is_a_prototype(names: dict[str, Any]) -> None:
    assert names["step_gap"] < 1e-10
    assert names["expected"].abs().max() > 0.01


def test_prototypes_are_a_linear_classifier(names: dict[str, Any]) -> None:
    import torch

    z = torch.randn(4, 7, 5, dtype=torch.float64)
    prototypes, query = z[:, :3].mean(1), z[:, 3:].flatten(0, 1)
    linear = 2 * query @ prototypes.T - prototypes.square().sum(1)
    by_distance = names["logits_of"](z, 3).softmax(1)
    assert torch.allclose(linear.softmax(1), by_distance, atol=1e-12)


def test_training_and_test_classes_are_apart(names: dict[str, Any]) -> None:
    digits = [{label // 4 for label in names[classes]} for classes in ("train_classes", "test_classes")]
    assert not digits[0] & digits[1]
    assert len(digits[0] | digits[1]) == 10


def test_more_ways_help_for_equally_many_episodes_and_for_every_seed(names: dict[str, Any]) -> None:
    ways = names["ways"]
    assert (ways["20-way"][:, 1] > ways["5-way"][:, 1]).all()
    assert ways["20-way"][:, 0].mean() > ways["5-way"][:, 0].mean()
    assert (ways["5-way"] > ways["pixels"] + 5).all()


def test_they_do_not_for_equally_many_images(names: dict[str, Any]) -> None:
    assert (names["ways"]["5-way, long"].mean(0) > names["ways"]["20-way"].mean(0)).all()


def test_a_plain_cosine_stays_above_its_floor_and_a_temperature_helps(names: dict[str, Any]) -> None:
    cosines, loss = names["cosines"], names["last_loss"]
    for way in (5, 20):
        assert loss[way, 1.0] > math.log(1 + (way - 1) * math.exp(-2))
    assert loss[20, 10.0] < math.log(1 + 19 * math.exp(-2))
    assert (cosines[20, 10.0][:, 1] > cosines[20, 1.0][:, 1]).all()


def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
