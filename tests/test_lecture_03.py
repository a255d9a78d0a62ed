"""Lecture 3: the min-norm point, PCGrad and CAGrad keep their promises; what the toy figure shows, and what it hides."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lecture_cells import check_the_check, code_of, inline_values, run

LECTURE = "03-multi-task-optimization"


@pytest.fixture(scope="module")
def names() -> Iterator[dict[str, Any]]:
    """The lecture's names, and its numbers of 64 bits for what the tests compute with them."""
    names = run(LECTURE)
    torch = names["torch"]
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield names
    torch.set_default_dtype(before)


@pytest.mark.execute
def test_the_min_norm_point_agrees_with_the_exact_solver(names: dict[str, Any]) -> None:
    assert names["solver_gap"] < 1e-8
    assert names["descent_gap"] < 1e-10


@pytest.mark.execute
def test_the_solver_agrees_with_the_formula_for_two_tasks(names: dict[str, Any]) -> None:
    torch = names["torch"]
    generator = torch.Generator().manual_seed(2)
    pairs = torch.randn(50, 2, 3, generator=generator)
    by_formula = names["mgda"](pairs[:, 0], pairs[:, 1])
    for pair, expected in zip(pairs, by_formula, strict=True):
        assert torch.allclose(names["min_norm"](pair) @ pair, expected, atol=1e-12)


@pytest.mark.execute
def test_the_lectures_own_check_fails_for_equal_weights(names: dict[str, Any]) -> None:
    def equal(gradients: Any) -> Any:
        return gradients.new_full((len(gradients),), 1 / len(gradients))

    with pytest.raises(AssertionError):
        exec(code_of(LECTURE, "min-norm-check"), names | {"min_norm": equal})


@pytest.mark.execute
def test_mgda_and_pcgrad_harm_no_task_and_the_average_does(names: dict[str, Any]) -> None:
    share = names["share_harmed"]
    assert share["mgda"] == share["pcgrad"] == 0
    assert share["average"] > 0.5 > share["cagrad"] > 0
    assert names["conflict"].sum() > 500


@pytest.mark.execute
def test_pcgrad_gains_what_the_proposition_says(names: dict[str, Any]) -> None:
    g_1, g_2, conflict = names["g_1"], names["g_2"], names["conflict"]
    v = names["pcgrad"](g_1, g_2)[conflict]
    for own, other in ((g_1[conflict], g_2[conflict]), (g_2[conflict], g_1[conflict])):
        cosine = names["dot"](own, other) / (own.norm(dim=1) * other.norm(dim=1)).unsqueeze(1)
        expected = names["dot"](own, own) * (1 - cosine**2) / 2
        assert names["torch"].allclose(names["dot"](own, v), expected, atol=1e-12)


@pytest.mark.execute
def test_mgda_and_pcgrad_stop_at_the_front_and_cagrad_and_plain_adam_go_on_to_the_minimum(
    names: dict[str, Any],
) -> None:
    average, mgda, pcgrad, cagrad = names["reached"]
    assert average[:3].all() and average.sum() >= 10
    assert cagrad[:3].sum() >= 2 and cagrad.sum() >= 10
    assert not mgda[:3].any() and not pcgrad[:3].any()
    assert mgda.sum() <= 6 and pcgrad.sum() <= 6


@pytest.mark.execute
def test_with_short_steps_plain_adam_is_stuck_at_two_of_three_starts_as_published(names: dict[str, Any]) -> None:
    average, mgda, pcgrad, _ = names["in_valley"]
    assert average.tolist() == [True, False, True]
    assert not mgda.any() and not pcgrad.any()


@pytest.mark.execute
def test_every_number_in_the_sentences_is_computed(names: dict[str, Any]) -> None:
    values = inline_values(LECTURE, names)
    assert len(values) >= 20
    assert all(re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?( to -?\d+\.\d+)?", value) for value in values.values()), values


@pytest.mark.execute
def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
