"""Lecture 2: where the task goes in, what weights do, and the published demonstration of learned noise."""

import re
from typing import Any

import numpy as np
import pytest
from lecture_cells import check_the_check, inline_values, run

LECTURE = "02-multi-task-learning"


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


@pytest.mark.execute
def test_adding_the_task_at_the_end_pays_its_price_and_the_other_places_do_not(names: dict[str, Any]) -> None:
    for name, price in names["prices"].items():
        losses = {how: np.array(names["conditioned"][name, how]) for how in names["places"]}
        for how in ("nowhere", "add at the end"):
            assert (losses[how] >= price - 1e-12).all()
        assert (losses["add at the end"] < 1.05 * price).all()
        for how in ("concatenate", "gate", "heads"):
            assert (losses[how] < 0.1 * price).all(), (name, how)


@pytest.mark.execute
def test_uncertainty_weighting_has_the_gradient_of_the_sum_of_logarithms(names: dict[str, Any]) -> None:
    assert names["product"].abs().max() > 1e-3
    assert names["uncertainty_gap"] < 1e-10


@pytest.mark.execute
def test_equal_weights_harm_the_target_and_learned_weights_help_it(names: dict[str, Any]) -> None:
    assert names["equal"] > 1.1 * names["alone"]
    assert names["uncertain"] < 0.7 * names["alone"]
    assert names["oracle"] <= names["uncertain"] < 1.15 * names["oracle"]
    assert 1 / 32 < names["chosen_ratio"] < 1 / 8


@pytest.mark.execute
def test_learned_weights_do_not_protect_from_an_unrelated_task(names: dict[str, Any]) -> None:
    assert names["unrelated_alone"] < 0.5 * names["unrelated_equal"]
    assert names["unrelated_learned"] > 2 * names["unrelated_equal"]


@pytest.mark.execute
def test_the_demonstration_gives_the_published_noise_on_the_published_data(names: dict[str, Any]) -> None:
    published = names["torch"].tensor([8.587, 0.920])
    assert ((names["theirs"][:3] / published - 1).abs() < 0.02).all()
    noisy, clean = names["theirs"].T
    assert (noisy > 5 * clean).all()


@pytest.mark.execute
def test_the_published_noise_is_not_converged_and_training_on_takes_it_to_the_training_error(
    names: dict[str, Any],
) -> None:
    final = names["residuals"][60, :3]
    assert (names["theirs"][:3, 0] < 0.92 * names["residuals"][40, :3, 0]).all()
    assert ((names["later"][:3] / final - 1).abs() < 0.02).all()
    assert 0.8 < names["speed"] / (1e-3 * (2**0.5 - 1)) < 1.2


@pytest.mark.execute
def test_every_number_in_the_sentences_is_computed(names: dict[str, Any]) -> None:
    values = inline_values(LECTURE, names)
    assert len(values) >= 18
    assert all(re.fullmatch(r"\d+\.\d+( to \d+\.\d+)?", value) for value in values.values()), values


@pytest.mark.execute
def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
