"""health checks: schedules, rounds, exemptions, consents, and who works with them"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('health_schedule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title_zh', sa.String(length=80), nullable=False),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('every', sa.Integer(), nullable=True),
    sa.Column('every_unit', sa.String(length=5), nullable=True),
    sa.Column('basis', sa.String(length=300), nullable=False),
    sa.Column('citation', sa.String(length=200), nullable=False),
    sa.Column('by_law', sa.Boolean(), nullable=False),
    sa.Column('meant', sa.JSON(), nullable=False),
    sa.Column('tell_units', sa.String(length=7), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=60), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_health_schedule'))
    )
    op.create_table('health_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=4), nullable=False),
    sa.Column('wording', sa.Text(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('way', sa.String(length=5), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(length=60), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_health_consent_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_health_consent'))
    )
    with op.batch_alter_table('health_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_health_consent_person_id'), ['person_id'], unique=False)

    op.create_table('health_exemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('schedule_id', sa.Integer(), nullable=True),
    sa.Column('ground', sa.String(length=200), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_health_exemption_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['schedule_id'], ['health_schedule.id'], name=op.f('fk_health_exemption_schedule_id_health_schedule')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_health_exemption'))
    )
    with op.batch_alter_table('health_exemption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_health_exemption_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_health_exemption_schedule_id'), ['schedule_id'], unique=False)

    op.create_table('health_round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('schedule_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('booked_at', sa.DateTime(), nullable=True),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('result', sa.String(length=10), nullable=True),
    sa.Column('attachment_id', sa.Integer(), nullable=True),
    sa.Column('purge_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_health_round_attachment_id_attachment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_health_round_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['schedule_id'], ['health_schedule.id'], name=op.f('fk_health_round_schedule_id_health_schedule')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_health_round')),
    sa.UniqueConstraint('schedule_id', 'number', 'person_id', name=op.f('uq_health_round_schedule_id_number_person_id'))
    )
    with op.batch_alter_table('health_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_health_round_attachment_id'), ['attachment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_health_round_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_health_round_purge_on', ['purge_on'], unique=False, sqlite_where=sa.text('purge_on IS NOT NULL'), postgresql_where=sa.text('purge_on IS NOT NULL'))

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('health', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shelf', sa.String(length=10), nullable=True))


def downgrade() -> None:
    # Certificates on the shelf would lie open among everybody's files.
    op.execute("DELETE FROM attachment WHERE shelf IS NOT NULL AND id NOT IN (SELECT attachment_id FROM answer_file) AND id NOT IN (SELECT attachment_id FROM case_item WHERE attachment_id IS NOT NULL)")
    with op.batch_alter_table('health_round', schema=None) as batch_op:
        batch_op.drop_index('ix_health_round_purge_on', sqlite_where=sa.text('purge_on IS NOT NULL'), postgresql_where=sa.text('purge_on IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_health_round_person_id'))
        batch_op.drop_index(batch_op.f('ix_health_round_attachment_id'))

    op.drop_table('health_round')
    with op.batch_alter_table('health_exemption', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_health_exemption_schedule_id'))
        batch_op.drop_index(batch_op.f('ix_health_exemption_person_id'))

    op.drop_table('health_exemption')
    with op.batch_alter_table('health_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_health_consent_person_id'))

    op.drop_table('health_consent')
    op.drop_table('health_schedule')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_column('shelf')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('health')
