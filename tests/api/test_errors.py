"""Whatever is sent, the answer is in one shape and says nothing it should not."""

import pytest

from tests.api.conftest import Program

GOOD = '{"nationality": "GBR", "name_en": "WHITE Lucy"}'


def shape(answer) -> set[str]:
    """Return the names an error carries."""
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error"}
    return set(answer.json["error"])


def post(officer: Program, raw: str | bytes, kind: str = "application/json"):
    return officer.ask("POST", "/people", data=raw, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/people/999999", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/people/x", 404, "not_found"),
        ("GET", f"/people/{2**31}", 404, "not_found"),
        ("DELETE", "/people/1", 405, "method_not_allowed"),
        ("GET", "/people?page=0", 422, "invalid"),
        ("GET", "/people?page=x", 422, "invalid"),
        ("GET", f"/people?page={10**40}", 422, "invalid"),
        ("GET", "/people?colour=blue", 422, "invalid"),
        ("GET", "/people?q=%00", 400, "malformed"),
        ("GET", "/people/1/facts?on=2026-02-30", 422, "invalid"),
    ],
)
def test_errors_have_one_shape(officer, method, path, status, code):
    answer = officer.ask(method, path)

    assert answer.status_code == status
    assert shape(answer) == {"code", "message", "fields"}
    assert answer.json["error"]["code"] == code


@pytest.mark.parametrize(
    "raw",
    [
        "", "{", "{]", "nul", '{"nationality": NaN}', '{"a": Infinity}', '{"a": -Infinity}',
        '{"a": 1e999}', '{"nationality": "GBR", "nationality": "FRA"}', '{"a": "\\u0000"}',
        '{"\\u0000": 1}', '{"name_zh": "\\ud800"}', '{"a": ["\\udfff"]}', "[" * 100_000,
        '{"a":' * 100_000, b"\xff\xfe", b"\xef\xbb\xbf{}", '{"a": ' + "9" * 5000 + "}",
        GOOD + GOOD,
    ],
)  # fmt: skip
def test_what_cannot_be_read_as_json_is_malformed(officer, raw):
    answer = post(officer, raw)

    assert answer.status_code == 400
    assert shape(answer) == {"code", "message", "fields"}
    assert answer.json["error"]["code"] == "malformed"


@pytest.mark.parametrize("raw", ["null", "1", '"x"', "[]", "[{}]", "{}", '{"nationality": 1}',
                                 '{"nationality": {"a": {"b": []}}}', '{"nationality": 1e300}',
                                 '{"nationality": ' + "9" * 4000 + "}"])  # fmt: skip
def test_json_of_another_form_is_invalid(officer, raw):
    answer = post(officer, raw)

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "invalid"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""]
)
def test_body_of_another_kind_is_refused(officer, kind):
    answer = post(officer, GOOD, kind)

    assert answer.status_code == 415
    assert answer.json["error"]["code"] == "unsupported_media_type"


def test_body_that_is_too_large_is_refused(officer):
    answer = post(officer, '{"name_zh": "' + "x" * 1024 * 1024 + '"}')

    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"


def test_message_speaks_the_language_asked_for(officer):
    answer = officer.get("/people/999999", headers={"Accept-Language": "zh-CN"})

    assert answer.json["error"]["message"] == "这里没有内容"


def test_bug_says_no_more_than_its_number(make_app, database_uri):
    from tracker.web.access import public

    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    @app.get("/api/breaks")
    @public("for this test")
    def breaks():
        raise ZeroDivisionError("secret detail")

    answer = Program(app, None).get("/breaks")

    assert answer.status_code == 500
    assert answer.json["error"]["code"] == "server_error"
    assert "secret" not in answer.get_data(as_text=True)
