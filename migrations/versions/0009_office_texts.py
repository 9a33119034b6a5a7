"""ladder and letters as the office wants them"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('office_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.Column('saved_by', sa.String(length=60), nullable=False),
    sa.Column('fault', sa.String(length=300), nullable=True),
    sa.Column('failed_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office_text'))
    )
    op.create_index('ix_office_text_name_id', 'office_text', ['name', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_office_text_name_id', table_name='office_text')
    op.drop_table('office_text')
