"""hazards, their history and their numbers"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hazard_counter',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_hazard_counter'))
    )
    op.create_table('hazard',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('item', sa.String(length=20), nullable=True),
    sa.Column('kind', sa.String(length=1), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('graded_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('state_at', sa.DateTime(), nullable=False),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('found_by', sa.Integer(), nullable=True),
    sa.Column('inspection', sa.String(length=36), nullable=True),
    sa.Column('repeat_of', sa.Integer(), nullable=True),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('handed_from', sa.String(length=120), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('protection', sa.String(length=12), nullable=True),
    sa.Column('protection_text', sa.String(length=500), nullable=False),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('ordered_at', sa.DateTime(), nullable=True),
    sa.Column('measure', sa.String(length=1000), nullable=False),
    sa.Column('deadline', sa.Date(), nullable=True),
    sa.Column('department', sa.String(length=80), nullable=False),
    sa.Column('funds', sa.String(length=120), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('reopened_at', sa.DateTime(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('signed_off_at', sa.DateTime(), nullable=True),
    sa.Column('signed_off_by', sa.String(length=120), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("grade <> 'major' OR state IN ('found', 'closed') OR protection IS NOT NULL", name=op.f('ck_hazard_protected')),
    sa.CheckConstraint("state = 'closed' OR (owner_id IS NOT NULL AND next_on IS NOT NULL)", name=op.f('ck_hazard_followed')),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_hazard_building_id_building')),
    sa.ForeignKeyConstraint(['found_by'], ['account.id'], name=op.f('fk_hazard_found_by_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_hazard_owner_id_account')),
    sa.ForeignKeyConstraint(['repeat_of'], ['hazard.id'], name=op.f('fk_hazard_repeat_of_hazard')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_hazard_room_id_room')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard')),
    sa.UniqueConstraint('key', name=op.f('uq_hazard_key')),
    sa.UniqueConstraint('year', 'serial', name=op.f('uq_hazard_year_serial'))
    )
    with op.batch_alter_table('hazard', schema=None) as batch_op:
        batch_op.create_index('ix_hazard_closed_at', ['closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_inspection'), ['inspection'], unique=False)
        batch_op.create_index('ix_hazard_open', ['building_id', 'next_on'], unique=False, sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))
        batch_op.create_index('ix_hazard_open_owner', ['owner_id'], unique=False, sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))
        batch_op.create_index('ix_hazard_point', ['building_id', 'room_id', 'item', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_hazard_room_id'), ['room_id'], unique=False)

    op.create_table('hazard_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hazard_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('from_state', sa.String(length=12), nullable=True),
    sa.Column('to_state', sa.String(length=12), nullable=False),
    sa.Column('note', sa.String(length=1000), nullable=False),
    sa.Column('photos', sa.JSON(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_hazard_event_account_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazard.id'], name=op.f('fk_hazard_event_hazard_id_hazard')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard_event')),
    sa.UniqueConstraint('key', name=op.f('uq_hazard_event_key'))
    )
    with op.batch_alter_table('hazard_event', schema=None) as batch_op:
        batch_op.create_index('ix_hazard_event_hazard_id', ['hazard_id', 'at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('hazard_event', schema=None) as batch_op:
        batch_op.drop_index('ix_hazard_event_hazard_id')

    op.drop_table('hazard_event')
    with op.batch_alter_table('hazard', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hazard_room_id'))
        batch_op.drop_index('ix_hazard_point')
        batch_op.drop_index('ix_hazard_open_owner', sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))
        batch_op.drop_index('ix_hazard_open', sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))
        batch_op.drop_index(batch_op.f('ix_hazard_inspection'))
        batch_op.drop_index('ix_hazard_closed_at')

    op.drop_table('hazard')
    op.drop_table('hazard_counter')
