"""Lecture 1 holds all of its author's notes, and its cells show what its text claims."""

import re
from typing import Any

import pytest
from lecture_cells import check_the_check, code_of, inline_values, run, source

LECTURE = "01-course-introduction"

NOTES = """
Week 1, Lecture 1 - Course Introduction
Note: MEL = meta-learning.
Topics
Modern DL methods for learning across tasks
Implementing these methods (MT, TL) in PyTorch
Glimpse of building new algorithms
low-level descriptions:
MT, TL
Meta learning algos
Advanced meta learning topics
Unsupervised pre-training
FS learning
Domain adaptation
Lifelong learning
Open problems
Focus on DL, with case studies in things like NLP.
No RL! (see CS 224R)
1. Logistics
Lectures are live-streamed and recorded
two guest lectures
Prereqs:
Sufficient background in ML (229)
Homeworks
50% of grade.
0: multi-task basics
1: multi-task data processing and BB-ML
2: gradient-based ML
3: fine-tuning pre-trained language models
4 (optional): Bayesian ML and meta overfitting
Replace 15% of hw/project
Not coding, all math
6 late days
Project
Poster session, 50% of grade.
Idea: ...
Now technical content...
2. Why study multi-task learning and meta-learning?
How can we enable agents to learn a breadth of skills in the real world?
Because each time we have to train a supervised signal
So the goal is to learn representations across tasks
Aside (common paradigm to learn representations): initialize well (not randomly) --> fine-tune on new task.
This is harder for RL than NLP because NLP has the entire Wikipedia to use but robotic common sense representations
are not as straightforward (maybe we need a common robot embedding?)
**Evolution**:
Early in CV: hand-design features, train SVM on top
Modern CV: end-to-end training, no hand-engineering
Allows us to handle unstructured inputs without understanding it
Now why meta-learning? Three reasons...
**Don't have large dataset** at the outset to pre-train on or use in end-to-end SL manner (med imaging, robotics, etc.)
Even more so: **long-tail data** samples (e.g., self-driving won't catch all edge cases)
MEL techniques can help with this (kinda... not the main focus tho)
**Quickly learn something new** (few-shot learning)
Lots of open problems
Multi-task intro
What is a task?
Dataset + loss objective --> model
Objects as "tasks"
Critical assumption: different tasks need to share some base structure (goal is to exploit shared structure)
But lots of tasks share structure (even as upstream as sharing the laws of physics!)
Question: can we learn a shared embedding space for e.g., text + images in one?
Does MT learning reduce to single-task SL learning?
Somewhat (tho not for every problem)
Idea: sum loss and data:
\\mathcal{D}=\\bigcup \\mathcal{D}_i \\quad \\mathcal{L}=\\sum \\mathcal{L}_i
Next up: a technical dive into the **multi-task** learning framework.
""".strip().splitlines()


def test_every_line_of_the_notes_is_there_in_the_authors_order() -> None:
    text = " ".join(source(LECTURE).text.replace("\\-->", "-->").split())
    at = 0
    for line in NOTES:
        found = text.find(line, at)
        assert found >= 0, f"missing, or out of order: {line}"
        at = found + len(line)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return run(LECTURE)


@pytest.mark.execute
def test_the_gradient_of_the_sum_is_the_sum_of_the_gradients(names: dict[str, Any]) -> None:
    largest = names["of_the_sum"].abs().max().item()
    assert largest > 0.1
    assert names["gap"] <= 4 * names["epsilon"] * largest


@pytest.mark.execute
def test_the_lectures_own_check_fails_for_a_loss_that_is_not_the_sum(names: dict[str, Any]) -> None:
    def wrong(model: Any) -> Any:
        return names["task_loss"](model, 0) + 1.001 * names["task_loss"](model, 1)

    with pytest.raises(AssertionError):
        exec(code_of(LECTURE, "gradient-check"), names | {"summed_loss": wrong})


@pytest.mark.execute
def test_the_union_keeps_every_pair_and_its_task(names: dict[str, Any]) -> None:
    sizes = [len(x) for x, _ in names["data"]]
    tasks = [task for _, _, task in names["union"]]
    assert [tasks.count(0), tasks.count(1)] == sizes


@pytest.mark.execute
def test_without_the_task_id_the_network_pays_the_price_and_with_it_next_to_nothing(names: dict[str, Any]) -> None:
    assert names["bound"] <= names["without_id"] <= 1.05 * names["bound"]
    assert names["with_id"] < 0.01 * names["bound"]


@pytest.mark.execute
def test_sharing_helps_related_tasks_and_hurts_unrelated_ones_for_every_seed(names: dict[str, Any]) -> None:
    alone, shared = names["related"].T
    assert (shared < 0.1 * alone).all()
    alone, shared = names["unrelated"].T
    assert (shared > 2 * alone).all()


@pytest.mark.execute
def test_every_number_in_the_sentences_is_computed(names: dict[str, Any]) -> None:
    values = inline_values(LECTURE, names)
    assert len(values) >= 9
    assert all(re.fullmatch(r"\d+(\.\d+)?(e-\d+)?", value) for value in values.values()), values


@pytest.mark.execute
def test_the_check_of_the_exercise_passes_on_the_solution_and_fails_on_the_stub(names: dict[str, Any]) -> None:
    check_the_check(LECTURE, names)
