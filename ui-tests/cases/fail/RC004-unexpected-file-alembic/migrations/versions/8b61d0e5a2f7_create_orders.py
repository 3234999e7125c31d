"""Create the orders table

Revision ID: 8b61d0e5a2f7
Revises: 3f2a9c1d7e40
"""
import sqlalchemy as sa
from alembic import op

revision = "8b61d0e5a2f7"
down_revision = "3f2a9c1d7e40"


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("orders")
