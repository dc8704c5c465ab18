"""The composition root: settings in, a working ledger with its read side and its doors out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from api import secrets as installation
from api.access.check_in_codes import Rhythm, RotatingCodes
from api.access.cookies import Cookies
from api.access.door_devices import DoorDevices
from api.access.enrolment_codes import EnrolmentCodes
from api.access.idempotency import Idempotency
from api.access.kept_forms import KeptForms
from api.access.logins import Logins
from api.access.machine_keys import MachineKeys
from api.access.passwords import Passwords
from api.access.personal_codes import PersonalCodes
from api.access.policy import CITY, Grant, Organisation
from api.access.rate_limit import RateLimits
from api.access.sign_on_provider import Provider
from api.access.single_sign_on import SingleSignOn
from api.access.staff_accounts import StaffAccounts
from api.access.tickets import Tickets
from api.access.transfer_codes import TransferCodes
from api.access.web_tables import WebTables
from api.clock import Clock, system_clock
from api.database import Connections, connect
from api.read_your_writes import missed
from api.secrets import Secrets
from api.settings import Settings
from api.status_lists import Kept, StatusLists
from api.telemetry import Telemetry, begin
from api.vault_key import fitting
from certificates.keys import FileKeyStore
from domain.calendar import CITY_ZONE
from domain.staff import Staff
from ledger import pooling
from ledger.book import Book
from ledger.log.keeping import Keeping
from ledger.log.logs import Logs, NoLogYet
from ledger.log.policy import Policy, read_policy
from ledger.log.publishing import CheckpointFolder
from ledger.log.receipts import Receipts
from ledger.log.sequencer import log_signer
from ledger.pooling import Pool, pool
from ledger.vault import VaultKeys
from projections.database import Views
from projections.projector import Projector
from projections.read_models import ReadModels

WEB_CONNECTIONS = 8
WEB_PATIENCE = 5.0  # seconds; longer than that a waiting page is the better answer


@dataclass(frozen=True)
class Runtime:
    """Everything a process needs, joined once. Nothing else in the program joins parts."""

    settings: Settings
    secrets: Secrets
    connections: Connections
    book: Book
    views: Views
    models: ReadModels
    projector: Projector
    pool: Pool
    now: Clock
    telemetry: Telemetry | None = None
    _districts: dict[str, str] = field(default_factory=dict[str, str], init=False)

    @cached_property
    def signing_keys(self) -> FileKeyStore:
        return FileKeyStore(self.settings.signing_keys, self.secrets.signing_keys)

    @cached_property
    def status_lists(self) -> StatusLists:
        return StatusLists(self.models.status_places, self.signing_keys, self.kept_files)

    @cached_property
    def kept_files(self) -> Kept:
        return Kept()

    @cached_property
    def tables(self) -> WebTables:
        return WebTables(self.pool, self.connections.names.web)

    @cached_property
    def cookies(self) -> Cookies:
        return Cookies(self.settings.public_url)

    @cached_property
    def accounts(self) -> StaffAccounts:
        return StaffAccounts(self.tables, Passwords(), totp_key=self.secrets.totp)

    @cached_property
    def sign_on(self) -> SingleSignOn | None:
        """None where no provider is set."""
        given = self.settings
        if given.oidc_issuer is None:
            return None
        provider = Provider(
            given.oidc_issuer,
            given.oidc_client_id,
            given.oidc_client_secret.get_secret_value(),
            f"{given.public_url}/staff/sign-on/return",
        )
        return SingleSignOn(self.tables, provider)

    @cached_property
    def logins(self) -> Logins:
        return Logins(self.tables, self.grants_of, self.book.learners.survivor_of)

    @cached_property
    def machine_keys(self) -> MachineKeys:
        return MachineKeys(self.tables, self.book.machines.find)

    @cached_property
    def enrolment_codes(self) -> EnrolmentCodes:
        return EnrolmentCodes(self.tables, self.secrets.enrolment_codes)

    @cached_property
    def door_devices(self) -> DoorDevices:
        return DoorDevices(self.tables, self.secrets.enrolment_codes)

    @cached_property
    def transfer_codes(self) -> TransferCodes:
        return TransferCodes(self.tables, self.secrets.enrolment_codes)

    @cached_property
    def personal_codes(self) -> PersonalCodes:
        return PersonalCodes(self.secrets.enrolment_codes, self.book.personal_codes.of)

    @cached_property
    def limits(self) -> RateLimits:
        return RateLimits(self.tables, self.secrets.rate_limits)

    @cached_property
    def idempotency(self) -> Idempotency:
        return Idempotency(self.tables, self.secrets.vault)

    @cached_property
    def kept_forms(self) -> KeptForms:
        return KeptForms(self.tables, self.secrets.vault)

    @cached_property
    def logs(self) -> Logs:
        return Logs(self.pool, self.connections.names.ledger)

    @cached_property
    def log_policy(self) -> Policy:
        """Whose cosignatures count. Raises BadPolicy."""
        path = self.settings.log_policy
        return read_policy(path.read_text(encoding="utf-8")) if path else Policy()

    @cached_property
    def log_origin(self) -> str:
        """The name of the log that is written; one that begins now is called by our address."""
        try:
            return self.logs.current().origin
        except NoLogYet:
            return f"{urlsplit(self.settings.public_url).netloc}/log"

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self.secrets.receipts, self.log_origin)

    @cached_property
    def log_keeping(self) -> Keeping:
        """What the worker keeps the log with."""
        return Keeping(
            self.connections.log,
            self.connections.names,
            self.log_origin,
            partial(log_signer, self.secrets.log),
            CheckpointFolder(self.settings.checkpoints),
            self.logs,
            self.log_policy,
        )

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(self.secrets.tickets)

    def check_in_codes(self, session_id: UUID) -> RotatingCodes:
        """The codes of a session turn in the rhythm of the rules it was announced under."""
        session = self.book.sessions.get(session_id)
        rules = self.book.sessions.rulebook_of(session).attendance
        early = timedelta(seconds=2)
        step = timedelta(seconds=rules.rotating_code_seconds)
        return RotatingCodes(
            self.secrets.check_in_codes,
            scanned=Rhythm(
                step, timedelta(seconds=rules.rotating_code_accept_seconds) - step, early
            ),
            typed=Rhythm(
                timedelta(seconds=rules.typed_code_seconds),
                timedelta(seconds=rules.typed_code_grace_seconds),
                early,
            ),
        )

    def grants_of(self, staff_id: UUID) -> tuple[Grant, ...]:
        """What the ledger granted a person, read from the stream itself: rights end at once.

        What is granted at a school holds at those that it answers for since they were merged.
        """
        staff = self.book.ledger.find(Staff, staff_id)
        return tuple(
            Grant(role, each, midnight(begins), midnight(ends + timedelta(days=1)))
            for (role, code), (begins, ends) in (staff.grants if staff else {}).items()
            for each in (code, *self._answered_for(code))
        )

    def _answered_for(self, code: str) -> list[str]:
        return self.models.schools.merged_into(code) if len(code) > len(CITY) else []

    def organisation_of(self, school_code: str) -> Organisation:
        """A school in its district, where it stays: asked once. Raises UnknownSchool."""
        if school_code not in self._districts:
            self._districts[school_code] = self.book.registry.school(school_code).district_code
        return Organisation(school=school_code, district=self._districts[school_code])

    def settle(self, position: int) -> int:
        """Wait until the read models show a position (at most a second), and hand it on.

        The fact is recorded already: a read model that is late must not fail the request. The
        asker's next page waits for it, or says that it does not show it yet.
        """
        if not self.projector.wait_for(position, timeout=1.0):
            missed(position)
        return position

    def close(self) -> None:
        self.views.close()
        self.book.close()
        self.pool.close()
        self.connections.leave()
        if "sign_on" in vars(self) and self.sign_on is not None:
            self.sign_on.provider.line.close()
        if self.telemetry is not None:
            self.telemetry.close()


def build(settings: Settings, now: Clock = system_clock) -> Runtime:
    secrets = installation.load_or_make(settings.secrets_folder)
    telemetry = begin(settings.telemetry_url)
    pooling.asking.clear()
    if telemetry is not None:
        pooling.asking["cursor_factory"] = telemetry.cursors()
    connections = connect(settings, secrets)
    secrets = fitting(secrets, settings, connections.owner, connections.names)
    keys = VaultKeys(encryption=secrets.vault, index=secrets.blind_index)
    views = Views(connections.app, connections.names)
    models = ReadModels(views)
    projector = Projector(views, models.projections)
    projector.set_up()
    return Runtime(
        settings=settings,
        secrets=secrets,
        connections=connections,
        book=Book(connections.app, connections.vault, connections.names, keys),
        views=views,
        models=models,
        projector=projector,
        pool=pool(connections.app, WEB_CONNECTIONS, WEB_PATIENCE),
        now=now,
        telemetry=telemetry,
    )


def midnight(day: date) -> datetime:
    """The beginning of a day in the city."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(CITY_ZONE))
