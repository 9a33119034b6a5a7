"""Which language a page speaks: what was picked, else what the browser asks for."""

from typing import Any

from flask import Blueprint, Flask, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from tracker.core.i18n import LANGUAGES
from tracker.web.access import public
from tracker.web.paths import same_site

bp = Blueprint("language", __name__)
#: Our two languages as Babel and HTML call them.
BABEL = {"zh": "zh_Hans", "en": "en"}
HTML = {"zh": "zh-Hans", "en": "en"}


def init_app(app: Flask, translations: str) -> None:
    """Let `app` speak the languages compiled in the folder `translations`."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    catalogs = Catalogs()
    Babel(app, locale_selector=babel_locale).domain_instance = catalogs
    app.context_processor(lambda: _spoken_by(catalogs))


def _spoken_by(catalogs: "Catalogs") -> dict[str, object]:
    spoken, words = current(), catalogs.words()
    return {
        "language": spoken, "html_language": HTML[spoken], "_": words.gettext,
        "ngettext": words.ngettext,
    }  # fmt: skip


class Words:
    """The words of one language as templates ask for them: worked out once, marked as safe."""

    def __init__(self, catalog: Any) -> None:
        self._catalog = catalog
        self._known: dict[str, Markup] = {}

    def gettext(self, message: str, **values: object) -> Markup:
        """Return a message of ours; what is put into it is escaped."""
        if values:
            return Markup(self._catalog.gettext(message)) % values  # noqa: S704
        if (known := self._known.get(message)) is None:
            text = self._catalog.gettext(message) % {}
            known = self._known[message] = Markup(text)  # noqa: S704
        return known

    def ngettext(self, singular: str, plural: str, num: int, **values: object) -> Markup:
        """Return the form of a message that goes with a number."""
        text = self._catalog.ngettext(singular, plural, num)
        return Markup(text) % {"num": num, **values}  # noqa: S704


class Catalogs(Domain):  # type: ignore[misc]  # flask_babel says nothing of its types
    """The catalogs of the program, found without naming files and folders for every word."""

    def __init__(self) -> None:
        super().__init__()
        self._loaded: dict[Any, tuple[Any, Words]] = {}

    def get_translations(self) -> Any:
        """Return the catalog of the language that is spoken at the moment."""
        return self._spoken()[0]

    def words(self) -> Words:
        """Return the words of that language for templates."""
        return self._spoken()[1]

    def _spoken(self) -> tuple[Any, Words]:
        locale = get_locale()
        found = self._loaded.get(locale)
        if found is None:
            catalog = super().get_translations()
            found = (catalog, Words(catalog))
            if locale is not None:
                self._loaded[locale] = found
        return found


@bp.get("/language/<any(zh, en):language>")
@public("somebody who cannot read the sign-in page must be able to change its language")
def pick(language: str) -> ResponseReturnValue:
    """Keep the choice in the visitor's own session and go back."""
    session["language"] = language
    return redirect(same_site(request.args.get("next")) or "/", 302)


def current() -> str:
    """Return zh or en for the page being answered; en outside of a request."""
    if not has_request_context():
        return "en"
    picked = session.get("language")
    if picked in LANGUAGES:
        return str(picked)
    wanted = request.accept_languages.best_match(["zh-CN", "zh-Hans", "zh", "en"], "zh")
    return "zh" if wanted.startswith("zh") else "en"


def babel_locale() -> str:
    """Return what Babel calls the language of the page being answered."""
    return BABEL[current()]
