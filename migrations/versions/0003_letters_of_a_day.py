"""the day a letter tells of, and how far an installation had come"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('as_of', sa.Date(), nullable=True))
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.add_column(sa.Column('epoch', sa.BigInteger(), nullable=False, server_default='0'))
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.alter_column('epoch', server_default=None)
    # What a person had closed was only put off; now it is finished, and no longer looked at.
    op.execute("UPDATE letter SET finished_at = closed_at WHERE closed_at IS NOT NULL AND finished_at IS NULL")
    op.execute("UPDATE letter SET finished_at = send_after WHERE finished_at IS NULL AND state = 'unknown' AND unknown_outcomes >= 3")


def downgrade() -> None:
    with op.batch_alter_table('instance', schema=None) as batch_op:
        batch_op.drop_column('epoch')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_column('as_of')
