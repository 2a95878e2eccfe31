"""The tables of delivery: what was received, what is to be sent, what was offered, the pace.

What people wrote is erased from a row as soon as it is answered, what we wrote as soon as it is
sent; the identifier of a message stays longer, to know it again.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["CHOICE", "INBOUND", "METADATA", "OUTBOUND", "PACE"]

METADATA = sa.MetaData()


def _queue(name: str, *columns: sa.Column[object]) -> sa.Table:
    """A table whose rows are handled in order for each (channel, peer); see `queue.Queue`.

    `state`: `pending`, `dead`, or `done` where rows stay. `due`: not before. `lease`: nobody else
    before, `owner` being who holds it. Times are in seconds of Unix time.
    """
    table = sa.Table(
        name,
        METADATA,
        # SQLite counts by itself only in a column that it calls INTEGER.
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="pending"),
        sa.Column("made", sa.Double, nullable=False),
        sa.Column("due", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("owner", sa.Text),
        sa.Column("lease", sa.Double, nullable=False, server_default="0"),
        sa.Column("error", sa.Text),
        *columns,
        # Without this, SQLite gives the number of a row that is gone to another.
        sqlite_autoincrement=True,
    )
    pending = table.c.state == "pending"
    sa.Index(
        f"{name}_lane", table.c.channel, table.c.peer, table.c.id,
        sqlite_where=pending, postgresql_where=pending,
    )  # fmt: skip
    sa.Index(f"{name}_order", table.c.id, sqlite_where=pending, postgresql_where=pending)
    sa.Index(f"{name}_made", table.c.state, table.c.made)
    return table


INBOUND = _queue(
    "inbound",
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("body", sa.Text),
)
sa.Index("inbound_event", INBOUND.c.channel, INBOUND.c.event, unique=True)
OUTBOUND = _queue(
    "outbound",
    # The same for every try, and for no other message ever, of this database or of another.
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("call", sa.Text, nullable=False),
    sa.Column("window_ends", sa.Double),
)
CHOICE = sa.Table(
    "choice",
    METADATA,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("peer", sa.Text, nullable=False),
    # The choices offered together have the same; those of the last message have the highest.
    sa.Column("offer", sa.BigInteger, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("made", sa.Double, nullable=False, index=True),
)
sa.Index("choice_peer", CHOICE.c.channel, CHOICE.c.peer, CHOICE.c.offer)
PACE = sa.Table(
    "pace",
    METADATA,
    sa.Column("channel", sa.Text, primary_key=True),
    # Empty for the whole channel.
    sa.Column("peer", sa.Text, primary_key=True),
    sa.Column("free_at", sa.Double, nullable=False),
)
