"""Settings, read once from the environment; docs/settings.md lists them."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CONTAINER_SECRETS = Path("/run/secrets")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PARENT_CREDITS_", frozen=True, extra="ignore")

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL 16 or newer, as its owner (may create roles and schemas); several"
        " hosts are allowed. Unset: the program runs its own server.",
    )
    ledger: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")] = Field(
        default="ledger", description="The name of the ledger: one schema, and its companions."
    )
    var: Path = Field(
        default=Path("var"), description="Folder of the program's own data, secrets and server."
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port it listens on.")
    public_url: str = Field(
        default_factory=lambda known: f"http://127.0.0.1:{known.get('port', 8000)}",
        description="The address people type; stands in QR codes. Unset: this machine alone, at"
        " the port.",
    )
    former_urls: str = Field(
        default="",
        description="Addresses it had before, separated by spaces: as long as they lead here,"
        " certificates issued under them are answered for.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web process listens on.")
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses or networks, with commas, of the proxies in front: what they say in"
        " X-Forwarded-For is who asks. From anywhere else the header is not believed.",
    )
    postgres_major: int = Field(default=18, description="Version of our own server: 16 or 18.")
    archive: Path | None = Field(
        default=None,
        description="Folder to which our own server hands its WAL, best on another disk: with a"
        " base backup any moment can be brought back. Unset: none.",
    )
    extra_fonts: Path | None = Field(
        default=None, description="Folder of fonts tried for characters that ours lack."
    )
    log_folder: Path | None = Field(
        default=None,
        description="Where published checkpoints of the log are kept, best on another disk than"
        " the database; default: log in the var folder.",
    )
    log_policy: Path | None = Field(
        default=None,
        description="File of the log's witnesses and how many are enough (C2SP tlog-policy).",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Issuer of the staff's single sign-on (OpenID Connect), an https address as it"
        " calls itself. Unset: staff sign in with passwords only.",
    )
    oidc_client_id: str = Field(default="", description="Our client id at the issuer.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Our client secret at the issuer."
    )
    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        default=None,
        description="What /metrics asks for (Authorization: Bearer …), 16 characters or more."
        " Unset: there is no such address.",
    )
    backup_days: int = Field(
        default=30,
        ge=1,
        description="After how many days backups are destroyed: told to people whose data are"
        " erased, because until then a backup still holds them, sealed.",
    )
    telemetry_url: str | None = Field(
        default=None,
        description="Where traces go: the full address of an OTLP receiver (HTTP), as"
        " http://collector:4318/v1/traces. Wants the extra `telemetry`. Unset: none are made.",
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="json: a line of JSON an event; text: to be read."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
            message = "must be an origin such as https://credits.example.cn"
            raise ValueError(message)
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        """Everybody (`*`) is refused: whoever asks could then say who they are."""
        return ",".join(str(ip_network(each.strip())) for each in value.split(",") if each.strip())

    @field_validator("oidc_issuer")
    @classmethod
    def _a_safe_address(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "https://none")
        is_here = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
        if (parts.scheme != "https" and not is_here) or not parts.netloc:
            message = "must be an https address"
            raise ValueError(message)
        return value

    @field_validator("former_urls")
    @classmethod
    def _origins(cls, value: str) -> str:
        return " ".join(cls._an_origin(each) for each in value.split())

    def url_at(self, host: str) -> str:
        """The address, today's or a former one, under which a request reached us."""
        known = (self.public_url, *self.former_urls.split())
        return next((each for each in known if urlsplit(each).netloc == host), self.public_url)

    @classmethod
    def read(cls) -> Self:
        """From the environment, and from a container's secret files of the same names."""
        return cls(_secrets_dir=CONTAINER_SECRETS if CONTAINER_SECRETS.is_dir() else None)  # pyright: ignore[reportCallIssue]

    @property
    def secrets_folder(self) -> Path:
        return self.var / "secrets"

    @property
    def checkpoints(self) -> Path:
        return self.log_folder or self.var / "log"

    @property
    def erasures(self) -> Path:
        """Who was erased, by ids alone: it is carried out again after a restore."""
        return self.var / "erasures.jsonl"

    @property
    def backup_notes(self) -> Path:
        """When backups were made and tried."""
        return self.var / "backups.jsonl"

    @property
    def signing_keys(self) -> Path:
        """The key store, sealed by a secret: one is of no use without the other."""
        return self.var / "keys" / "signing.json"
