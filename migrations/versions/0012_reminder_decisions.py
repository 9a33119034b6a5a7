"""letters held, skipped and sent at once by the office"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

IN_FORCE = sa.text('ended_at IS NULL')
HELD = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_table('reminder_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=True),
    sa.Column('recipient', sa.String(length=24), nullable=True),
    sa.Column('round', sa.Integer(), nullable=True),
    sa.Column('stage', sa.String(length=20), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=60), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_reminder_decision_batch_id_import_batch')),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], name=op.f('fk_reminder_decision_obligation_id_obligation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_decision_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_decision'))
    )
    op.create_index(op.f('ix_reminder_decision_batch_id'), 'reminder_decision', ['batch_id'], unique=False)
    op.create_index('ix_reminder_decision_in_force', 'reminder_decision', ['person_id'], unique=False, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)
    op.create_index('ix_reminder_decision_person_id', 'reminder_decision', ['person_id'], unique=False)
    op.create_index('ix_reminder_held', 'reminder', ['recipient'], unique=False, sqlite_where=HELD, postgresql_where=HELD)


def downgrade() -> None:
    # Without holds nothing may wait for one: what is held is planned, what is skipped is put aside.
    op.execute("UPDATE reminder SET state = 'planned' WHERE state = 'held'")
    op.execute("UPDATE reminder SET state = 'superseded' WHERE state = 'skipped'")
    op.drop_index('ix_reminder_held', table_name='reminder')
    op.drop_table('reminder_decision')
