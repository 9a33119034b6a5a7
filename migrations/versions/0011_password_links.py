"""links that set a password, and the audit trail read by who, what and about whom"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('password_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.String(length=60), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_password_link_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_password_link_token_hash'))
    )
    op.create_index('ix_password_link_account_id', 'password_link', ['account_id'])
    for column in ('actor', 'action', 'subject'):
        op.create_index(f'ix_audit_entry_{column}', 'audit_entry', [column, 'id'])


def downgrade() -> None:
    for column in ('subject', 'action', 'actor'):
        op.drop_index(f'ix_audit_entry_{column}', 'audit_entry')
    op.drop_index('ix_password_link_account_id', 'password_link')
    op.drop_table('password_link')
