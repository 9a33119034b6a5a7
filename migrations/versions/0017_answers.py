"""answers by link"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('answer_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.String(length=8), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=24), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by', sa.String(length=60), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_answer_link_letter_id_letter')),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], name=op.f('fk_answer_link_obligation_id_obligation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_answer_link_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_answer_link_token_hash'))
    )
    op.create_index('ix_answer_link_obligation_id', 'answer_link', ['obligation_id', 'recipient'], unique=False)
    op.create_index(op.f('ix_answer_link_person_id'), 'answer_link', ['person_id'], unique=False)
    op.create_table('answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.String(length=30), nullable=False),
    sa.Column('fact_ref', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('document', sa.String(length=30), nullable=True),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['answer_link.id'], name=op.f('fk_answer_link_id_answer_link'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligation.id'], name=op.f('fk_answer_obligation_id_obligation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_answer_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('link_id', name=op.f('uq_answer_link_id'))
    )
    op.create_index(op.f('ix_answer_person_id'), 'answer', ['person_id'], unique=False)
    op.create_table('answer_file',
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('attachment_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_answer_file_answer_id_answer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_answer_file_attachment_id_attachment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('answer_id', 'attachment_id', name=op.f('pk_answer_file'))
    )
    op.create_index(op.f('ix_answer_file_attachment_id'), 'answer_file', ['attachment_id'], unique=False)
    op.create_table('answer_verdict',
    sa.Column('answer_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('fact_ref', sa.String(length=40), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_answer_verdict_answer_id_answer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_answer_verdict'))
    )
    with op.batch_alter_table('reminder_decision') as batch_op:
        batch_op.add_column(sa.Column('answer_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_reminder_decision_answer_id_answer'), 'answer', ['answer_id'], ['id'], ondelete='CASCADE')
        batch_op.create_index(batch_op.f('ix_reminder_decision_answer_id'), ['answer_id'], unique=False)


def downgrade() -> None:
    # Nothing may stay quiet for an answer that is not there any more.
    op.execute("UPDATE reminder SET state = 'planned' WHERE state = 'held' AND EXISTS (SELECT 1 FROM obligation JOIN reminder_decision AS hold ON hold.person_id = obligation.person_id WHERE obligation.id = reminder.obligation_id AND hold.kind = 'answer')")
    op.execute("DELETE FROM reminder_decision WHERE kind = 'answer'")
    with op.batch_alter_table('reminder_decision') as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_decision_answer_id'))
        batch_op.drop_constraint(batch_op.f('fk_reminder_decision_answer_id_answer'), type_='foreignkey')
        batch_op.drop_column('answer_id')
    op.drop_table('answer_verdict')
    op.drop_table('answer_file')
    op.drop_table('answer')
    op.drop_table('answer_link')
