"""The document is valid OpenAPI 3.1 and tells what a program has to know."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.conftest import Program
from tracker.accounts.tokens import SCOPES
from tracker.facts import kinds


@pytest.fixture
def document(app):
    return Program(app, None).get("/openapi.json").json


def operations(document):
    """Yield method, path and operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield method, path, operation


def guarded(security):
    """Tell whether a token with a scope is asked for, or a cabinet's signature."""
    if "token" in security:
        return security["token"][0] in SCOPES
    return set(security) == {"cabinet_key", "cabinet_signature"}


def test_document_is_valid(document):
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_operation_is_described_and_guarded(document):
    wrong = [
        (method, path)
        for method, path, operation in operations(document)
        if not operation.get("summary") or not guarded(operation["security"][0])
    ]

    assert wrong == []


def test_operations_have_names_of_their_own(document):
    names = [operation["operationId"] for _method, _path, operation in operations(document)]

    assert len(names) == len(set(names))


def test_every_write_takes_a_key_but_those_that_need_none(document):
    without = [
        path
        for method, path, operation in operations(document)
        if method != "get"
        and "Idempotency-Key" not in [each["name"] for each in operation.get("parameters", [])]
    ]

    assert sorted(without) == ["/api/custody/events", "/api/imports"]


def test_fields_of_each_kind_of_fact_are_spelt_out(document):
    told = document["components"]["schemas"]["NewFact"]["oneOf"]

    assert [each["properties"]["kind"]["const"] for each in told] == [
        kind for kind in kinds.KINDS if kind != "profile"
    ]


def test_document_names_its_answers_alike_on_every_python(document):
    assert "Invalid" in document["components"]["responses"]
    assert [name for name in document["components"]["responses"] if "_" in name] == []
