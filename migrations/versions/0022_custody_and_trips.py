"""custody and trips"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cabinet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=60), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('heard_at', sa.DateTime(), nullable=True),
    sa.Column('clock_off', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cabinet')),
    sa.UniqueConstraint('name', name=op.f('uq_cabinet_name'))
    )
    op.create_table('cabinet_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=60), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_cabinet_key_cabinet_id_cabinet'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cabinet_key')),
    sa.UniqueConstraint('name', name=op.f('uq_cabinet_key_name'))
    )
    with op.batch_alter_table('cabinet_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cabinet_key_cabinet_id'), ['cabinet_id'], unique=False)

    op.create_table('stock_take',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), nullable=True),
    sa.Column('begun_at', sa.DateTime(), nullable=False),
    sa.Column('begun_by', sa.String(length=60), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('finished_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_stock_take_cabinet_id_cabinet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_take'))
    )
    op.create_table('custody_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('fact_ref', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=True),
    sa.Column('current_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_custody_item_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody_item')),
    sa.UniqueConstraint('person_id', 'fact_ref', name=op.f('uq_custody_item_person_id_fact_ref')),
    sa.UniqueConstraint('tag', name=op.f('uq_custody_item_tag'))
    )
    op.create_table('trip',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=8), nullable=False),
    sa.Column('leaves_on', sa.Date(), nullable=False),
    sa.Column('returns_on', sa.Date(), nullable=False),
    sa.Column('destination', sa.String(length=120), nullable=False),
    sa.Column('country', sa.String(length=3), nullable=False),
    sa.Column('contact', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.Column('form_id', sa.String(length=32), nullable=False),
    sa.Column('declared_at', sa.DateTime(), nullable=False),
    sa.Column('declared_by', sa.String(length=60), nullable=False),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.Column('returned_at', sa.DateTime(), nullable=True),
    sa.Column('returned_by', sa.String(length=60), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(), nullable=True),
    sa.Column('cancelled_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_trip_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip')),
    sa.UniqueConstraint('form_id', name=op.f('uq_trip_form_id'))
    )
    with op.batch_alter_table('trip', schema=None) as batch_op:
        batch_op.create_index('ix_trip_person_id_leaves_on', ['person_id', 'leaves_on'], unique=False)
        batch_op.create_index('ix_trip_returns_on', ['returns_on'], unique=False)

    op.create_table('trip_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=60), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_trip_link_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_trip_link_token_hash'))
    )
    with op.batch_alter_table('trip_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_trip_link_person_id'), ['person_id'], unique=False)

    op.create_table('custody_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('uid', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('document', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), nullable=True),
    sa.Column('sequence', sa.BigInteger(), nullable=True),
    sa.Column('holder', sa.String(length=10), nullable=True),
    sa.Column('to_whom', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('device_at', sa.DateTime(), nullable=True),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('resolved_at', sa.DateTime(), nullable=True),
    sa.Column('resolved_by', sa.String(length=60), nullable=True),
    sa.Column('resolution', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_custody_event_cabinet_id_cabinet')),
    sa.ForeignKeyConstraint(['item_id'], ['custody_item.id'], name=op.f('fk_custody_event_item_id_custody_item'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody_event')),
    sa.UniqueConstraint('source', 'uid', name=op.f('uq_custody_event_source_uid'))
    )
    with op.batch_alter_table('custody_event', schema=None) as batch_op:
        batch_op.create_index('ix_custody_event_cabinet_id_sequence', ['cabinet_id', 'sequence'], unique=False)
        batch_op.create_index('ix_custody_event_item_id_at', ['item_id', 'at'], unique=False)

    op.create_table('stock_line',
    sa.Column('take_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('item_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('expected', sa.Boolean(), nullable=False),
    sa.Column('found', sa.Boolean(), nullable=True),
    sa.Column('explanation', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['custody_item.id'], name=op.f('fk_stock_line_item_id_custody_item'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['take_id'], ['stock_take.id'], name=op.f('fk_stock_line_take_id_stock_take'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('take_id', 'item_id', name=op.f('pk_stock_line'))
    )


def downgrade() -> None:
    # What is due of documents in custody and of trips is known by no rule of the older version.
    op.execute("DELETE FROM obligation WHERE fact_ref LIKE 'custody/%' OR fact_ref LIKE 'trip/%'")
    op.drop_table('stock_line')
    with op.batch_alter_table('custody_event', schema=None) as batch_op:
        batch_op.drop_index('ix_custody_event_item_id_at')
        batch_op.drop_index('ix_custody_event_cabinet_id_sequence')

    op.drop_table('custody_event')
    with op.batch_alter_table('trip_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_trip_link_person_id'))

    op.drop_table('trip_link')
    with op.batch_alter_table('trip', schema=None) as batch_op:
        batch_op.drop_index('ix_trip_returns_on')
        batch_op.drop_index('ix_trip_person_id_leaves_on')

    op.drop_table('trip')
    op.drop_table('custody_item')
    op.drop_table('stock_take')
    with op.batch_alter_table('cabinet_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cabinet_key_cabinet_id'))

    op.drop_table('cabinet_key')
    op.drop_table('cabinet')
