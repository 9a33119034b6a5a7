"""The letter of a notice: subject, text and HTML in the reader's language. Pure."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from tracker.notices import markup

#: What stands around the text.
_WORDS = {
    "zh": {"dear": "{name}，您好：", "open": "打开通知并确认已读", "why": "{university}{office}",
           "link": "请打开此链接并点击“我已阅读”，无需账户：",
           "other": "（本通知只有英文版：{why}）"},
    "en": {"dear": "Dear {name},", "open": "Open the notice and confirm that you have read it",
           "why": "{office}, {university}",
           "link": "Please open this link and press “I have read it”; it needs no account:",
           "other": "(This notice is in Chinese only: {why})"},
}  # fmt: skip
_ACCENT = "#0b5e4d"


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a version."""

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    one_language: str = ""

    def title(self, language: str) -> str:
        """Return the title in a language, or in the other if there is none."""
        first, second = self.title_zh, self.title_en
        return (first or second) if language == "zh" else (second or first)

    def body(self, language: str) -> str:
        """Return the text in a language, or in the other if there is none."""
        first, second = self.body_zh, self.body_en
        return (first or second) if language == "zh" else (second or first)

    def has(self, language: str) -> bool:
        """Tell whether there is a text in this language."""
        return bool(self.body_zh if language == "zh" else self.body_en)


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a letter goes; `language`: zh, en or both."""

    name_zh: str | None
    name_en: str | None
    language: str

    def name(self, language: str) -> str:
        """Return how to greet the reader."""
        first, second = self.name_zh, self.name_en
        return ((first or second) if language == "zh" else (second or first)) or ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says."""

    subject: str
    text: str
    html: str


def write(text: Text, reader: Reader, *, link: str, letterhead: dict[str, Any]) -> Letter:
    """Write the letter to one reader; `letterhead` has university and office in both languages."""
    languages: tuple[str, ...] = ("zh", "en") if reader.language == "both" else (reader.language,)
    # Of a notice in one language nobody needs the same text twice.
    languages = tuple(each for each in languages if text.has(each)) or languages
    titles = dict.fromkeys(text.title(language) for language in languages)
    parts = [_part(text, reader, language, link, letterhead) for language in languages]
    body = Markup('<hr style="border:0;border-top:1px solid #d5d9de;margin:28px 0">').join(
        html for _plain, html in parts
    )
    page = Markup(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><body style="margin:0;padding:24px;'
        'font-family:sans-serif;font-size:16px;line-height:1.55;color:#1b232d">'
        '<div style="max-width:640px">{}</div></body></html>'
    ).format(languages[0], body)
    return Letter(
        " / ".join(titles)[:300], "\n\n――――――――――\n\n".join(plain for plain, _html in parts) + "\n",
        str(page),
    )  # fmt: skip


def _part(
    text: Text, reader: Reader, language: str, link: str, letterhead: dict[str, Any]
) -> tuple[str, Markup]:
    words = _WORDS[language]
    dear = words["dear"].format(name=reader.name(language))
    office = words["why"].format(
        university=letterhead["university"][language], office=letterhead["office"][language]
    )
    other = "" if text.has(language) else words["other"].format(why=text.one_language)
    plain = "\n\n".join(
        part
        for part in (dear, other, text.title(language), markup.plain(text.body(language)),
                     f"{words['link']}\n{link}", office)
        if part
    )  # fmt: skip
    html = Markup(
        '<p>{}</p>{}<h2 style="font-size:19px">{}</h2>{}<p style="margin:24px 0"><a href="{}" '
        'style="display:inline-block;padding:9px 18px;border-radius:8px;background:{};'
        'color:#ffffff;font-weight:600;text-decoration:none">{}</a></p>'
        '<p style="color:#5b6b7b;font-size:14px">{}</p>'
    ).format(
        dear, Markup("<p>{}</p>").format(other) if other else "", text.title(language),
        markup.html(text.body(language)), link, _ACCENT, words["open"], escape(office),
    )  # fmt: skip
    return plain, html
