"""What goes wrong is said in the reader's language, with the headers of every page, and no more."""

import logging

import pytest

from tests import seeds
from tests.web.conftest import Browser
from tracker.core import clock
from tracker.core.db import db
from tracker.web import headers

TITLES = {
    400: ("This request could not be read", "无法读取这个请求"),
    403: ("This is not open to your role", "您的角色不能打开此页"),
    404: ("There is nothing here", "这里没有内容"),
    405: ("This address does not work that way", "这个地址不能这样使用"),
    413: ("This is too large", "内容太大"),
    500: ("Something went wrong on our side", "系统出了问题"),
    503: ("The tracker cannot reach its database", "系统连不上数据库"),
}


@pytest.fixture
def faulty(make_app):
    """An application with a route that breaks, as in production."""
    from tracker.web.access import public

    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=1000)

    @app.get("/breaks")
    @public("for this test")
    def breaks():
        raise ZeroDivisionError("secret detail")

    @app.get("/no-database")
    @public("for this test")
    def no_database():
        from sqlalchemy.exc import OperationalError

        raise OperationalError("SELECT secret", {}, Exception("connection refused"))

    @app.post("/takes")
    @public("for this test")
    def takes():
        return "taken"

    with app.app_context():
        seeds.make_accounts(at=clock.now())
        db.session.commit()
        db.session.remove()
        yield app


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("status", TITLES)
def test_error_page_speaks_the_readers_language(faulty, status, language):
    browser = Browser(faulty.test_client())
    browser.get(f"/language/{language}")

    answer = _provoke(browser, status)

    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert TITLES[status][language == "zh"] in page
    assert "secret" not in page
    assert answer.headers["Content-Security-Policy"] == headers.CSP


def _provoke(browser: Browser, status: int):
    if status == 403:
        browser.sign_in("inspector@example.org")
    return {
        400: lambda: browser.open("/sign-in", method="POST"),
        403: lambda: browser.get("/delivery"),
        404: lambda: browser.get("/nothing"),
        405: lambda: browser.get("/sign-out"),
        413: lambda: browser.post("/takes", token_from="/sign-in", text="x" * 2000),
        500: lambda: browser.get("/breaks"),
        503: lambda: browser.get("/no-database"),
    }[status]()


def test_reference_number_is_in_the_page_and_in_the_log(faulty, caplog):
    with caplog.at_level(logging.ERROR):
        page = Browser(faulty.test_client()).get("/breaks").get_data(as_text=True)

    reference = page.partition("<code>")[2].partition("</code>")[0]
    assert len(reference) == 8
    assert f"reference {reference}" in caplog.text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/setup", "/people", "/nothing", "/healthz",
                                  "/readyz", "/language/en"])  # fmt: skip
def test_every_answer_carries_the_headers(app, browser, path):
    answer = browser.get(path)

    assert {name: answer.headers.get(name) for name in headers.ALWAYS} == headers.ALWAYS
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
def test_policy_allows_nothing_inline_and_no_frames(part):
    assert part in headers.CSP
    assert "unsafe" not in headers.CSP


def test_strict_transport_is_asked_for_over_https_only(make_app):
    secure = make_app(PUBLIC_URL="https://tracker.example").test_client().get("/healthz")
    plain = make_app().test_client().get("/healthz")

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in plain.headers


def test_styles_are_kept_under_an_address_that_changes_with_them(app, browser):
    page = browser.get("/setup").get_data(as_text=True)
    address = page.partition('stylesheet" href="')[2].partition('"')[0]

    answer = browser.get(address)

    assert "?v=" in address
    assert answer.headers["Cache-Control"] == "no-cache, max-age=31536000" or (
        "max-age=31536000" in answer.headers["Cache-Control"]
    )


def test_strange_host_is_refused(make_app):
    client = make_app(TRUSTED_HOSTS=["tracker.example"]).test_client()
    hosts = ("tracker.example", "e.example", "tracker.example.e.example")

    answers = [client.get("/healthz", base_url=f"http://{host}").status_code for host in hosts]

    assert answers == [200, 400, 400]


@pytest.mark.parametrize("query", ["_scheme=javascript", "endpoint=x", "_external=1", "language=x"])
def test_strange_parameters_do_not_steer_links(app, signed_in, query):
    seeds.make_accounts(at=clock.now())
    db.session.commit()

    answer = signed_in("officer").get(f"/people?{query}")

    assert answer.status_code == 200
    assert "javascript:" not in answer.get_data(as_text=True)
