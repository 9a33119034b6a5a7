"""people are found and sorted by index: names, building, first expiry, next deadline

The reading of names below is as of this revision; later ones may read them anew.
"""

import json
import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain, product
from pathlib import Path

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

PLAIN = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
DEADLINES = ('ACC-24H', 'ACC-HKM', 'ACC-HOTEL', 'ACC-REREG', 'ACC-TW', 'BIRTH',
             'PR-CARD-EXPIRY', 'PSB-REPORT', 'RP-CHANGE', 'RP-EXT', 'RP-FIRST', 'SI-REG-JOB',
             'STAY-CERT', 'TW-OVERSTAY', 'VISA-COUNT', 'VISA-EXT', 'WP-CANCEL', 'WP-CHANGE',
             'WP-EXT-CLOSE', 'WP-EXT-LOCAL')
LASTING = ("passport", "work_permit", "residence_permit", "hmt_travel_permit",
           "hmt_residence_card", "permanent_residence_card")
FOR_NOW = ("visa", "stay_certificate")
CHUNK = 1000


def upgrade() -> None:
    for column in (
        sa.Column('sort_zh', PLAIN, nullable=False, server_default=''),
        sa.Column('sort_en', PLAIN, nullable=False, server_default=''),
        sa.Column('building', sa.String(300), nullable=True),
        sa.Column('expires_on', sa.Date(), nullable=True),
    ):
        op.add_column('person', column)
    op.create_table('person_name',
    sa.Column('token', PLAIN, nullable=False),
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name='fk_person_name_person_id_person', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', 'person_id', name='pk_person_name'),
    sqlite_with_rowid=False,
    )
    op.create_table('next_deadline',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('safe_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name='fk_next_deadline_person_id_person', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', name='pk_next_deadline')
    )
    fill_people()
    fill_next_deadlines()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table)
    op.drop_table('next_deadline')
    op.drop_table('person_name')
    for column in ('expires_on', 'building', 'sort_en', 'sort_zh'):
        op.drop_column('person', column)


INDEXES = (
    ('ix_person_sort_zh', 'person', ['sort_zh', 'id']),
    ('ix_person_sort_en', 'person', ['sort_en', 'id']),
    ('ix_person_unit_id_sort_zh', 'person', ['unit_id', 'sort_zh']),
    ('ix_person_expires_on', 'person', ['expires_on', 'id']),
    ('ix_person_nationality', 'person', ['nationality']),
    ('ix_person_building', 'person', ['building']),
    ('ix_person_name_person_id', 'person_name', ['person_id']),
    ('ix_next_deadline_safe_on', 'next_deadline', ['safe_on', 'person_id']),
)


def fill_people() -> None:
    connection = op.get_bind()
    metadata = sa.MetaData()
    person = sa.Table('person', metadata, autoload_with=connection)
    person_name = sa.Table('person_name', metadata, autoload_with=connection)
    fact = sa.Table('fact', metadata, autoload_with=connection)
    after = 0
    while rows := connection.execute(
        sa.select(person.c.id, person.c.name_zh, person.c.name_en)
        .where(person.c.id > after).order_by(person.c.id).limit(CHUNK)
    ).all():
        after = rows[-1].id
        papers = papers_of(connection, fact, [row.id for row in rows])
        changes, tokens = [], []
        for row in rows:
            sort_zh, sort_en, found = keys(row.name_zh, row.name_en)
            building, ends = papers.get(row.id, (None, None))
            changes.append({'key': row.id, 'sort_zh': sort_zh, 'sort_en': sort_en,
                            'building': building, 'expires_on': ends})
            tokens += [{'token': token, 'person_id': row.id} for token in sorted(found)]
        names = ('sort_zh', 'sort_en', 'building', 'expires_on')
        connection.execute(
            sa.update(person).where(person.c.id == sa.bindparam('key'))
            .values({name: sa.bindparam(name) for name in names}), changes)
        if tokens:
            connection.execute(sa.insert(person_name), tokens)


def papers_of(connection, fact, ids):
    """Return building and first expiry by person, of the versions in force."""
    rows = connection.execute(
        sa.select(fact.c.person_id, fact.c.kind, fact.c.data)
        .where(fact.c.person_id.in_(ids), fact.c.withdrawn_at.is_(None), fact.c.valid_to.is_(None))
        .order_by(fact.c.person_id, fact.c.kind, fact.c.document_no)
    ).all()
    resident = {row.person_id for row in rows if row.kind == 'residence_permit'}
    found = {}
    for row in rows:
        building, ends = found.get(row.person_id, (None, None))
        counts = row.kind in LASTING or (row.kind in FOR_NOW and row.person_id not in resident)
        if row.kind == 'accommodation':
            building = row.data.get('building')
        elif counts and row.data.get('expires_on'):
            day = date.fromisoformat(row.data['expires_on'])
            ends = min(ends or day, day)
        found[row.person_id] = (building, ends)
    return found


def fill_next_deadlines() -> None:
    rules = sa.bindparam('rules', expanding=True)
    op.get_bind().execute(
        sa.text(
            "INSERT INTO next_deadline (person_id, safe_on) SELECT person_id, min(safe_on) "
            "FROM obligation WHERE state = 'open' AND rule_id IN :rules GROUP BY person_id"
        ).bindparams(rules), {'rules': list(DEADLINES)})


LONGEST = 60
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "朴": "piao",
    "翟": "zhai", "盖": "ge", "缪": "miao", "员": "yun", "种": "chong", "黑": "he", "折": "she",
    "繁": "po", "召": "shao", "秘": "bi", "覃": "qin", "洗": "xian", "冼": "xian", "逄": "pang",
    "乜": "nie", "句": "gou", "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi",
    "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu", "鲜于": "xian yu", "任": "ren",
}
TWO_READINGS = {
    "乐": ("le", "yue"), "长": ("chang", "zhang"), "行": ("xing", "hang"),
    "重": ("chong", "zhong"), "朝": ("chao", "zhao"), "传": ("chuan", "zhuan"),
    "曾": ("zeng", "ceng"), "茜": ("qian", "xi"), "盛": ("sheng", "cheng"),
    "晟": ("sheng", "cheng"), "柏": ("bai", "bo"), "娜": ("na", "nuo"), "阿": ("a", "e"),
    "卡": ("ka", "qia"), "扎": ("zha", "za"), "藏": ("zang", "cang"), "都": ("du", "dou"),
    "单": ("dan", "shan"), "解": ("jie", "xie"), "翟": ("zhai", "di"), "区": ("qu", "ou"),
}
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ħ": "h", "ı": "i", "ŋ": "n", "ĳ": "ij",
})
_PRINTED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_JOINED = re.compile("[-'’.‐]")
_PARTS = re.compile(r"[-'’.‐\s,]+")
_UMLAUT = re.compile("([aou])e")
_U = re.compile("([ln])(?:v|yu)")
_READINGS = 4


@lru_cache(maxsize=2048)
def keys(name_zh, name_en):
    chinese, latin = _tidy(name_zh or ""), _tidy(name_en or "")
    pinyin = " ".join(next(_spoken(chinese), ()))
    plain = " ".join(_words(latin))
    found = chain(_chinese_tokens(chinese), _latin_tokens(latin))
    tokens = frozenset(token[:LONGEST] for token in found if token)
    by_chinese = f"{pinyin} {chinese}" if chinese else plain
    return by_chinese[: 2 * LONGEST], (plain or pinyin)[: 2 * LONGEST], tokens


def _chinese_tokens(name):
    if not name:
        return
    bare = _plain(name)
    yield from (bare[at:] for at in range(len(bare)))
    for syllables in _spoken(name):
        for at in range(len(syllables)):
            yield _alike("".join(syllables[at:]))
            if len(syllables) - at > 1:
                yield "".join(syllable[0] for syllable in syllables[at:])


def _latin_tokens(name):
    printed = name if name.isascii() else name.translate(_PRINTED)
    for spelt in (name,) if printed == name else (name, printed):
        words = _words(spelt)
        yield from map(_alike, words)
        if len(words) > 1:
            yield _alike("".join(words))
        for part in _PARTS.split(spelt) if _JOINED.search(spelt) else ():
            yield _alike(_plain(part))
    if _UMLAUT.search(printed):  # printed MUELLER, looked for as Müller
        yield from (_UMLAUT.sub(r"\1", word) for word in _words(printed))


def _spoken(name):
    characters = [character for character in name if _HAN.match(character)]
    if not characters:
        return
    begun = _surname("".join(characters))
    readings = [(syllable,) for syllable in begun]
    readings += [_of_character(character) for character in characters[len(begun) :]]
    if len(begun) == 1:
        readings[0] = (*begun, *(r for r in _of_character(characters[0]) if r not in begun))
    seen = 0
    for way in product(*(ways[:2] for ways in readings)):
        yield way
        seen += 1
        if seen == _READINGS:
            return


def _surname(name):
    return tuple((SURNAMES.get(name[:2]) or SURNAMES.get(name[:1]) or "").split())


@lru_cache(maxsize=4096)
def _of_character(character):
    if character in TWO_READINGS:
        return tuple(dict.fromkeys(TWO_READINGS[character]))
    listed = _dictionary().get(str(ord(character)), character).partition(",")[0]
    return (_plain(listed.replace("ü", "v")) or character,)


@cache
def _dictionary():
    spec = find_spec("pypinyin")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    file = Path(spec.submodule_search_locations[0]) / "pinyin_dict.json"
    return json.loads(file.read_text("utf-8"))


def _words(name):
    return [plain for word in name.replace(",", " ").split() if (plain := _plain(word))]


def _tidy(text):
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _plain(text):
    if text.isascii() and text.isalnum():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(each for each in decomposed if each.isalnum())


def _alike(text):
    return _U.sub(r"\1u", text) if "v" in text or "yu" in text else text
