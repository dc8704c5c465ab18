"""Where the data live: the server that is named, or our own, set up and opened by role."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.migrations import steps as web_steps
from api.secrets import Secrets
from api.settings import Settings
from ledger import guard
from ledger.embedded import EmbeddedServer
from ledger.embedded_recovery import archiving
from ledger.migrations import Names, migrate


@dataclass(frozen=True)
class Connections:
    """One connection string for each role that uses the ledger."""

    owner: str
    app: str
    vault: str
    log: str
    names: Names
    server: EmbeddedServer | None

    def guarded(self) -> bool:
        """Whether the database refuses to change the ledger's definition (ledger/guard.py)."""
        with psycopg.connect(self.owner) as connection:
            return guard.stands(connection, self.names.ledger)

    def leave(self) -> None:
        """Our own server stops when its last user has left."""
        if self.server is not None:
            self.server.leave()


def connect(settings: Settings, secrets: Secrets) -> Connections:
    """Start or find the server and bring its schemas to this version. Safe from many processes."""
    server: EmbeddedServer | None = None
    if settings.database_url is not None:
        owner = settings.database_url.get_secret_value()
    else:
        server = own_server(settings)
        owner = server.start().conninfo()
    names = Names(settings.ledger)
    passwords = passwords_of(names, secrets)
    migrate(owner, names, passwords, web_steps())
    guard.ensure(owner, names.ledger, partial(superuser_of, owner, server))

    def login(role: str) -> str:
        return make_conninfo(owner, user=role, password=passwords[role])

    return Connections(
        owner=owner,
        app=login(names.app_role),
        vault=login(names.vault_role),
        log=login(names.log_role),
        names=names,
        server=server,
    )


def own_server(settings: Settings) -> EmbeddedServer:
    archive = archiving(settings.archive) if settings.archive else None
    return EmbeddedServer(settings.var, major=settings.postgres_major, settings=archive)


def superuser_of(owner: str, server: EmbeddedServer | None) -> str:
    """Of our own server, in the owner's database; of a named one the owner, who may be one."""
    if server is None:
        return owner
    return server.superuser().conninfo(str(conninfo_to_dict(owner)["dbname"]))


def passwords_of(names: Names, secrets: Secrets) -> dict[str, str]:
    """Of each lesser role of a ledger."""
    return {
        names.app_role: secrets.database_app.hex(),
        names.vault_role: secrets.database_vault.hex(),
        names.log_role: secrets.database_log.hex(),
    }
