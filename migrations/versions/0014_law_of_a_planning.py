"""by which law a planning went"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('planning_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('book', sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('planning_run', schema=None) as batch_op:
        batch_op.drop_column('book')
