"""inspections: what phones told, and what follows from it"""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inspection_template',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_template'))
    )
    with op.batch_alter_table('inspection_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_template_number'), ['number'], unique=False)

    op.create_table('inspection_op',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('device', sa.String(length=36), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.String(length=40), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('inspection', sa.String(length=36), nullable=True),
    sa.Column('device_at', sa.DateTime(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('skew', sa.BigInteger(), nullable=True),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('settled', sa.Boolean(), nullable=False),
    sa.Column('fault', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_inspection_op_account_id_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_op'))
    )
    with op.batch_alter_table('inspection_op', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_op_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_inspection_op_faulty', ['received_at'], unique=False, sqlite_where=sa.text('fault IS NOT NULL'), postgresql_where=sa.text('fault IS NOT NULL'))
        batch_op.create_index('ix_inspection_op_inspection', ['inspection', 'device', 'seq'], unique=False)

    op.create_table('building_test',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.String(length=20), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('done_by', sa.String(length=200), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('stored_as', sa.String(length=40), nullable=True),
    sa.Column('media_type', sa.String(length=40), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_building_test_building_id_building'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building_test'))
    )
    with op.batch_alter_table('building_test', schema=None) as batch_op:
        batch_op.create_index('ix_building_test_building_id', ['building_id', 'rule_id', 'done_on'], unique=False)

    op.create_table('inspected_building',
    sa.Column('building_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_inspected_building_building_id_building'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('building_id', name=op.f('pk_inspected_building'))
    )
    op.create_table('inspection',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('template_id', sa.String(length=24), nullable=False),
    sa.Column('planned', sa.String(length=60), nullable=True),
    sa.Column('inspectors', sa.JSON(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('device', sa.String(length=36), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('skew', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('accompanied_by', sa.String(length=200), nullable=False),
    sa.Column('passed', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('worst', sa.String(length=1), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_inspection_account_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_inspection_building_id_building')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_inspection_room_id_room')),
    sa.ForeignKeyConstraint(['template_id'], ['inspection_template.id'], name=op.f('fk_inspection_template_id_inspection_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection'))
    )
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_inspection_building_id', ['building_id', 'kind', 'finished_at'], unique=False)
        batch_op.create_index('ix_inspection_room_id', ['room_id'], unique=False)
        batch_op.create_index('ix_inspection_started_at', ['started_at'], unique=False)
        batch_op.create_index('ix_inspection_template_id', ['template_id'], unique=False)

    op.create_table('inspection_entry',
    sa.Column('inspection_id', sa.String(length=36), nullable=False),
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('item', sa.String(length=20), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('result', sa.String(length=4), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('severity', sa.String(length=1), nullable=True),
    sa.Column('photos', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('device', sa.String(length=36), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_inspection_entry_account_id_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_inspection_entry_inspection_id_inspection'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_inspection_entry_room_id_room')),
    sa.PrimaryKeyConstraint('inspection_id', 'place', 'item', name=op.f('pk_inspection_entry'))
    )
    with op.batch_alter_table('inspection_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_entry_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_inspection_entry_room_id', ['room_id', 'result'], unique=False)

    op.create_table('inspection_signature',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('inspection_id', sa.String(length=36), nullable=False),
    sa.Column('side', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('department', sa.String(length=120), nullable=False),
    sa.Column('image', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_inspection_signature_inspection_id_inspection'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_signature'))
    )
    with op.batch_alter_table('inspection_signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_signature_inspection_id'), ['inspection_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('inspection_signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspection_signature_inspection_id'))

    op.drop_table('inspection_signature')
    with op.batch_alter_table('inspection_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_entry_room_id')
        batch_op.drop_index(batch_op.f('ix_inspection_entry_account_id'))

    op.drop_table('inspection_entry')
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_template_id')
        batch_op.drop_index('ix_inspection_started_at')
        batch_op.drop_index('ix_inspection_room_id')
        batch_op.drop_index('ix_inspection_building_id')
        batch_op.drop_index(batch_op.f('ix_inspection_account_id'))

    op.drop_table('inspection')
    op.drop_table('inspected_building')
    with op.batch_alter_table('building_test', schema=None) as batch_op:
        batch_op.drop_index('ix_building_test_building_id')

    op.drop_table('building_test')
    with op.batch_alter_table('inspection_op', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_op_inspection')
        batch_op.drop_index('ix_inspection_op_faulty', sqlite_where=sa.text('fault IS NOT NULL'), postgresql_where=sa.text('fault IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_inspection_op_account_id'))

    op.drop_table('inspection_op')
    with op.batch_alter_table('inspection_template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspection_template_number'))

    op.drop_table('inspection_template')
