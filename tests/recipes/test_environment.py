"""Variables of the environment in headers and cookies."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from crawler.errors import RecipeError
from crawler.recipes import Recipe
from crawler.recipes.environment import sent_headers, variables_in


def recipe(**values: Any) -> Recipe:
    return Recipe.model_validate({"id": "a", "url": "https://a.example/", **values})


def test_values_are_looked_up_when_they_are_sent() -> None:
    made = recipe(headers={"Authorization": "Bearer ${TOKEN}", "X-Price": "$$5 ${A}${B}"}, cookies={"one": "${A}", "two": "2"})
    assert variables_in(made) == ("A", "B", "TOKEN")
    sent = sent_headers(made, {"TOKEN": "t", "A": "a", "B": "b"})
    assert sent == {"Authorization": "Bearer t", "X-Price": "$5 ab", "Cookie": "one=a; two=2"}
    assert "t0" not in made.fingerprint()


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "need the environment's variable TOKEN; set it before"),
        ({"TOKEN": ""}, "need the environment's variable TOKEN"),
        ({"TOKEN": "a\r\nX-Evil: 1"}, "must be one line of printable ASCII"),
    ],
)
def test_a_variable_that_is_missing_or_cannot_be_sent_is_named(environ: dict[str, str], said: str) -> None:
    with pytest.raises(RecipeError, match=said) as caught:
        sent_headers(recipe(headers={"X-A": "${TOKEN}"}), environ)
    assert caught.value.subject == "a"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"headers": {"X-A": "${"}}, "names no variable"),
        ({"headers": {"X-A": "${a b}"}}, "names no variable"),
        ({"cookies": {"a": "${1}"}}, "names no variable"),
        ({"cookies": {"a": "x; b=y"}}, "printable ASCII without spaces"),
        ({"cookies": {"a b": "x"}}, "no name of a cookie"),
        ({"headers": {"Cookie": "a=b"}}, "cookies have a key of their own"),
    ],
)
def test_mistakes_are_told_when_the_recipe_is_read(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        recipe(**values)


def test_a_dollar_alone_is_one() -> None:
    assert sent_headers(recipe(headers={"X-A": "US$ 5 $HOME $${HOME}"}), {}) == {"X-A": "US$ 5 $HOME ${HOME}"}
