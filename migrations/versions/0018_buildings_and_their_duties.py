"""buildings, and what is due of them"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campus',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campus')),
    sa.UniqueConstraint('name_zh', name=op.f('uq_campus_name_zh'))
    )
    op.create_table('building',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campus_id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('hotel', sa.Boolean(), nullable=False),
    sa.Column('gas', sa.Boolean(), nullable=False),
    sa.Column('lift', sa.Boolean(), nullable=False),
    sa.Column('high_rise', sa.Boolean(), nullable=False),
    sa.Column('night_patrol', sa.Boolean(), nullable=False),
    sa.Column('keeper_id', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campus_id'], ['campus.id'], name=op.f('fk_building_campus_id_campus')),
    sa.ForeignKeyConstraint(['keeper_id'], ['account.id'], name=op.f('fk_building_keeper_id_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building')),
    sa.UniqueConstraint('name_zh', name=op.f('uq_building_name_zh'))
    )
    with op.batch_alter_table('building', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_building_campus_id'), ['campus_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_building_keeper_id'), ['keeper_id'], unique=False)

    op.create_table('floor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_floor_building_id_building'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_floor')),
    sa.UniqueConstraint('building_id', 'level', name=op.f('uq_floor_building_id_level'))
    )
    op.create_table('room',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=False),
    sa.Column('floor_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('use', sa.String(length=10), nullable=False),
    sa.Column('beds', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_room_building_id_building'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['floor_id'], ['floor.id'], name=op.f('fk_room_floor_id_floor'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('building_id', 'number', name=op.f('uq_room_building_id_number'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index('ix_room_floor_id', ['floor_id', 'number'], unique=False)

    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('building_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('owner_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('detail_zh', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('detail_en', sa.String(length=200), nullable=True))
        batch_op.alter_column('person_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index('uq_obligation_of_building', ['building_id', 'rule_id', 'fact_ref'], unique=True, sqlite_where=sa.text('building_id IS NOT NULL'), postgresql_where=sa.text('building_id IS NOT NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_obligation_building_id_building'), 'building', ['building_id'], ['id'], ondelete='CASCADE')
        batch_op.create_foreign_key(batch_op.f('fk_obligation_owner_id_account'), 'account', ['owner_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    # What is due of buildings has no place in the older tables; a rebuild finds it again.
    of_buildings = "SELECT id FROM obligation WHERE person_id IS NULL"
    for table in ("reminder", "answer_link", "answer", "reminder_decision"):
        op.execute(f"DELETE FROM {table} WHERE obligation_id IN ({of_buildings})")
    op.execute("DELETE FROM obligation WHERE person_id IS NULL")
    with op.batch_alter_table('obligation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_obligation_owner_id_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_obligation_building_id_building'), type_='foreignkey')
        batch_op.drop_index('uq_obligation_of_building')
        batch_op.alter_column('person_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('detail_en')
        batch_op.drop_column('detail_zh')
        batch_op.drop_column('owner_id')
        batch_op.drop_column('building_id')

    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_index('ix_room_floor_id')

    op.drop_table('room')
    op.drop_table('floor')
    with op.batch_alter_table('building', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_building_keeper_id'))
        batch_op.drop_index(batch_op.f('ix_building_campus_id'))

    op.drop_table('building')
    op.drop_table('campus')
