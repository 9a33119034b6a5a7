"""Whatever schemathesis sends, as whomever: no server error, no answer the document lacks."""

from collections.abc import Callable, Iterator

import pytest

from tests.api import fuzzing
from tracker.accounts.models import ROLES

SHORT = ("--phases", "fuzzing", "--max-examples", "2", "--seed", "7")


@pytest.fixture(scope="module")
def served_office(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Callable[[str], str]]]:
    with fuzzing.office(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.mark.parametrize("role", [None, *ROLES])
def test_no_role_finds_a_server_error_or_an_undocumented_answer(served_office, role):
    address, token = served_office

    done = fuzzing.fuzz(address, token(role) if role else None, *SHORT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_edges_of_every_parameter_and_field_are_answered_as_documented(served_office):
    address, token = served_office
    limits = ("--phases", "coverage", "--max-time", "15", "--seed", "7")

    done = fuzzing.fuzz(address, token("officer"), *limits)

    assert done.returncode == 0, done.stdout + done.stderr
