"""conflicts between documents"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.String(length=40), nullable=False),
    sa.Column('first_ref', sa.String(length=40), nullable=False),
    sa.Column('second_ref', sa.String(length=40), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=True),
    sa.Column('second_on', sa.Date(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conflict_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict')),
    sa.UniqueConstraint('person_id', 'rule_id', 'first_ref', 'second_ref', name=op.f('uq_conflict_person_id_rule_id_first_ref_second_ref'))
    )


def downgrade() -> None:
    op.drop_table('conflict')
