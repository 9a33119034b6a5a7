"""who lives in which room, and doors that can be read"""

import json
import secrets
import unicodedata
from datetime import UTC, date, datetime
from itertools import groupby

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

CHUNK = 1_000
STAY = sa.table(
    "stay", *(sa.column(name) for name in ("person_id", "document_no", "place", "door")),
    sa.column("moved_in_at", sa.DateTime), sa.column("ended_on", sa.Date),
    sa.column("registered_on", sa.Date), sa.column("lives", sa.Boolean),
    sa.column("registered", sa.Boolean),
)


def upgrade() -> None:
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('door_token', sa.String(length=32), nullable=True))
    label_doors()
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.alter_column('key', existing_type=sa.String(length=80), nullable=False)
        batch_op.alter_column('door_token', existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_room_building_id_key'), ['building_id', 'key'])
        batch_op.create_unique_constraint(batch_op.f('uq_room_door_token'), ['door_token'])

    op.create_table('stay',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('document_no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('place', sa.String(length=300), nullable=True),
    sa.Column('door', sa.String(length=40), nullable=True),
    sa.Column('building_id', sa.Integer(), nullable=True),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('moved_in_at', sa.DateTime(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('registered_on', sa.Date(), nullable=True),
    sa.Column('lives', sa.Boolean(), nullable=False),
    sa.Column('registered', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_stay_building_id_building'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_stay_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_stay_room_id_room'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('person_id', 'document_no', name=op.f('pk_stay'))
    )
    with op.batch_alter_table('stay', schema=None) as batch_op:
        batch_op.create_index('ix_stay_building_id', ['building_id', 'lives'], unique=False)
        batch_op.create_index('ix_stay_room_id', ['room_id'], unique=False)
    fill_stays()


def label_doors() -> None:
    """Give each room what it is compared by and a token of its own."""
    connection = op.get_bind()
    for room_id, number in connection.execute(sa.text("SELECT id, number FROM room")).all():
        connection.execute(
            sa.text("UPDATE room SET key = :key, door_token = :token WHERE id = :id"),
            {"id": room_id, "token": secrets.token_urlsafe(16),
             "key": "".join(unicodedata.normalize("NFKC", number).split()).casefold()[:80]},
        )


def fill_stays() -> None:
    """Derive the stays of everybody from the accommodation on record; no building is known yet."""
    connection = op.get_bind()
    documents = connection.execute(sa.text(
        "SELECT fact.person_id, fact.document_no, fact.data, fact.valid_to, person.status"
        " FROM fact JOIN person ON person.id = fact.person_id"
        " WHERE fact.kind = 'accommodation' AND fact.withdrawn_at IS NULL"
        " ORDER BY fact.person_id, fact.valid_from, fact.document_no"
    )).all()
    rows = [row for _, own in groupby(documents, lambda each: each[0]) for row in stays(list(own))]
    for start in range(0, len(rows), CHUNK):
        op.bulk_insert(STAY, rows[start:start + CHUNK])


def stays(own):
    """Return the rows of one person's documents, the oldest first."""
    read = [json.loads(each[2]) if isinstance(each[2], str) else each[2] for each in own]
    known = [number for number, data in enumerate(read) if data.get("registered_on")]
    for number, ((person_id, document_no, _, valid_to, status), data) in enumerate(zip(own, read)):
        ended = data.get("moved_out_on") or valid_to
        yield {
            "person_id": person_id, "document_no": document_no, "place": data.get("building"),
            "door": data.get("room"), "ended_on": day(ended),
            "moved_in_at": datetime.fromisoformat(data["moved_in_at"]).astimezone(UTC).replace(tzinfo=None),
            "registered_on": day(data.get("registered_on")),
            "lives": ended is None and status != "departed",
            "registered": known[-1:] == [number],
        }


def day(value):
    """Return a day that comes as text or as a day."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def downgrade() -> None:
    op.drop_table('stay')
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_room_door_token'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_room_building_id_key'), type_='unique')
        batch_op.drop_column('door_token')
        batch_op.drop_column('key')
