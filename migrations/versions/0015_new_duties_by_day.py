"""what is new found by its day, too"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

FRESH = {'sqlite_where': sa.text('fresh'), 'postgresql_where': sa.text('fresh')}


def upgrade() -> None:
    op.drop_index('ix_obligation_fresh', table_name='obligation')
    op.create_index('ix_obligation_fresh', 'obligation', ['rule_id', 'safe_on'], **FRESH)


def downgrade() -> None:
    op.drop_index('ix_obligation_fresh', table_name='obligation')
    op.create_index('ix_obligation_fresh', 'obligation', ['rule_id'], **FRESH)
