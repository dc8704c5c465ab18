"""Where an embedded server listens, and whether it answers; no password is needed to ask."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field

PROTOCOL_3 = 196608
CANNOT_CONNECT_NOW = b"C57P03\0"

SHIELD = {
    "hostaddr": "",
    "options": "",
    "sslmode": "disable",
    "sslrootcert": "",
    "gssencmode": "disable",
    "channel_binding": "disable",
    "require_auth": "scram-sha-256",
    "target_session_attrs": "any",
    "load_balance_hosts": "disable",
    "client_encoding": "UTF8",
    "connect_timeout": "10",
}
"""What PGHOSTADDR, PGOPTIONS, PGSSLMODE and their like would fill in if we left it open.

Only keywords that PostgreSQL 16's own programs know. PGSERVICE naming an unknown service, PGTZ,
PGDATESTYLE, PGGEQO, PGSSLNEGOTIATION and PGMIN/MAXPROTOCOLVERSION cannot be outvoted this way.
"""


@dataclass(frozen=True)
class Endpoint:
    """`host` is a folder: the server listens on a Unix socket only."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    def conninfo(self, database: str | None = None) -> str:
        """Return a libpq connection string that wins over PG* variables (see SHIELD)."""
        words = {
            "host": self.host,
            "port": str(self.port),
            "user": self.user,
            "password": self.password,
            "dbname": database or self.database,
        } | SHIELD
        return " ".join(f"{key}={_quoted(value)}" for key, value in words.items())


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def answers(host: str, port: int) -> bool:
    """Tell whether a server takes connections there: it asks for a password, or names a reason.

    It does not while it starts, recovers or stops. Done by hand, as pg_isready would: no process,
    no driver, no environment.
    """
    words = b"user\0postgres\0database\0postgres\0\0"
    with socket.socket(socket.AF_UNIX) as channel:
        channel.settimeout(5)
        try:
            channel.connect(f"{host}/.s.PGSQL.{port}")
            channel.sendall(struct.pack("!ii", 8 + len(words), PROTOCOL_3) + words)
            answer = channel.recv(4096)
        except OSError:
            return False
    return answer.startswith(b"R") or (answer.startswith(b"E") and CANNOT_CONNECT_NOW not in answer)
