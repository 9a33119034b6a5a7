"""imports say when they were through"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('import_batch', sa.Column('finished_at', sa.DateTime(), nullable=True))
    op.execute("UPDATE import_batch SET finished_at = imported_at")


def downgrade() -> None:
    op.drop_column('import_batch', 'finished_at')
