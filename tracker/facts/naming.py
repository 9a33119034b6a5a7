"""How names are sorted and found: pinyin, plain Latin letters, every word on its own. Pure."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice, pairwise, product
from pathlib import Path
from typing import NamedTuple

LONGEST = 60
#: Characters read otherwise as a surname; what they are elsewhere still finds the person.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "朴": "piao",
    "翟": "zhai", "盖": "ge", "缪": "miao", "员": "yun", "种": "chong", "黑": "he", "折": "she",
    "繁": "po", "召": "shao", "秘": "bi", "覃": "qin", "洗": "xian", "冼": "xian", "逄": "pang",
    "乜": "nie", "句": "gou", "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi",
    "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu", "鲜于": "xian yu", "任": "ren",
}  # fmt: skip
#: Characters of given names that people read in two ways, the commoner first.
TWO_READINGS = {
    "乐": ("le", "yue"), "长": ("chang", "zhang"), "行": ("xing", "hang"),
    "重": ("chong", "zhong"), "朝": ("chao", "zhao"), "传": ("chuan", "zhuan"),
    "曾": ("zeng", "ceng"), "茜": ("qian", "xi"), "盛": ("sheng", "cheng"),
    "晟": ("sheng", "cheng"), "柏": ("bai", "bo"), "娜": ("na", "nuo"), "阿": ("a", "e"),
    "卡": ("ka", "qia"), "扎": ("zha", "za"), "藏": ("zang", "cang"), "都": ("du", "dou"),
    "单": ("dan", "shan"), "解": ("jie", "xie"), "翟": ("zhai", "di"), "区": ("qu", "ou"),
}  # fmt: skip
#: Letters that no decomposition takes apart, and what a passport's machine-readable line
#: makes of letters (ICAO Doc 9303-3).
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ħ": "h", "ı": "i", "ŋ": "n", "ĳ": "ij",
})  # fmt: skip
_PRINTED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_JOINED = re.compile("[-'’.‐]")
_PARTS = re.compile(r"[-'’.‐\s,]+")
_UMLAUT = re.compile("([aou])e")
_U = re.compile("([ln])(?:v|yu)")
_TONES = re.compile(r"(?:[a-z]{1,6}[0-5])+[a-z]*")
_READINGS = 4


class Keys(NamedTuple):
    """By what a person is put in order, for each language of a reader, and found.

    A search is the beginning of a token, so none that begins another one is among them.
    """

    sort_zh: str
    sort_en: str
    tokens: tuple[str, ...]


@lru_cache(maxsize=2048)
def keys(name_zh: str | None, name_en: str | None) -> Keys:
    """Return the keys of a person with these names; one of them may be missing."""
    chinese, latin = _tidy(name_zh or ""), _tidy(name_en or "")
    spoken, words = list(_spoken(chinese)), _words(latin)
    pinyin = " ".join(spoken[0]) if spoken else ""
    plain = " ".join(words)
    found = {*_chinese_tokens(chinese, spoken), *_latin_tokens(latin, words)}
    tokens = sorted([token[:LONGEST] for token in found])
    return Keys(
        sort_zh=(f"{pinyin} {chinese}" if chinese else plain)[: 2 * LONGEST],
        sort_en=(plain or pinyin)[: 2 * LONGEST],
        tokens=tuple([one for one, next_ in pairwise((*tokens, "")) if not next_.startswith(one)]),
    )


def terms(text: str) -> list[str]:
    """Return how the words of a search begin the tokens of whoever is looked for."""
    found = []
    for word in re.split(r"[\s,;，；、·/]+", _tidy(text)):
        plain = _plain(word)
        if plain and _TONES.fullmatch(plain):
            plain = re.sub(r"[0-5]", "", plain)
        if plain:
            found.append(_alike(plain)[:LONGEST])
    return found


def _chinese_tokens(name: str, spoken: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a Chinese name from each of its characters on: written, spelt, in initials."""
    bare = _plain(name)
    tokens = [bare[at:] for at in range(len(bare))]
    for syllables in spoken:
        initials = "".join([syllable[0] for syllable in syllables])
        tokens += [_alike("".join(syllables[at:])) for at in range(len(syllables))]
        tokens += [initials[at:] for at in range(len(syllables) - 1)]
    return tokens


def _latin_tokens(name: str, words: Sequence[str]) -> Iterator[str]:
    """Yield each word, the parts of a hyphenated one too, and all of them together."""
    yield from _spelt(name, words)
    printed, printed_words = name, words
    if not name.isascii() and (printed := name.translate(_PRINTED)) != name:
        printed_words = _words(printed)
        yield from _spelt(printed, printed_words)
    if _UMLAUT.search(printed):  # printed MUELLER, looked for as Müller
        for word in printed_words:
            yield _UMLAUT.sub(r"\1", word)


def _spelt(name: str, words: Sequence[str]) -> Iterator[str]:
    yield from map(_alike, words)
    if len(words) > 1:
        yield _alike("".join(words))
    if _JOINED.search(name):
        for part in _PARTS.split(name):
            yield _alike(_plain(part))


def _spoken(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to read a Chinese name, the best first; no more than a few."""
    characters = _HAN.findall(name)
    if not characters:
        return
    begun = _surname("".join(characters))
    readings: list[tuple[str, ...]] = [(syllable,) for syllable in begun]
    readings += [_of_character(character) for character in characters[len(begun) :]]
    if len(begun) == 1:
        readings[0] = (*begun, *(r for r in _of_character(characters[0]) if r not in begun))
    yield from islice(product(*(ways[:2] for ways in readings)), _READINGS)


def _surname(name: str) -> tuple[str, ...]:
    return tuple((SURNAMES.get(name[:2]) or SURNAMES.get(name[:1]) or "").split())


@lru_cache(maxsize=4096)
def _of_character(character: str) -> tuple[str, ...]:
    if character in TWO_READINGS:
        return tuple(dict.fromkeys(TWO_READINGS[character]))
    listed = _dictionary().get(str(ord(character)), character).partition(",")[0]
    return (_plain(listed.replace("ü", "v")) or character,)


@cache
def _dictionary() -> Mapping[str, str]:
    """Return pypinyin's readings of single characters.

    Its data file alone: names are read character by character, and importing the package
    takes 50 MB for a dictionary of phrases.
    """
    spec = find_spec("pypinyin")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    file = Path(spec.submodule_search_locations[0]) / "pinyin_dict.json"
    readings: Mapping[str, str] = json.loads(file.read_text("utf-8"))
    return readings


def _words(name: str) -> list[str]:
    return [plain for word in name.replace(",", " ").split() if (plain := _plain(word))]


def _tidy(text: str) -> str:
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _plain(text: str) -> str:
    """Leave letters and figures only, without their marks: ASCII where the script is Latin."""
    if text.isascii() and text.isalnum():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(each for each in decomposed if each.isalnum())


def _alike(text: str) -> str:
    """Make one of the ways to write ü: lü, lv, lyu and lu find each other."""
    return _U.sub(r"\1u", text) if "v" in text or "yu" in text else text
