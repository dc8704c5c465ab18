"""What a certificate is given when it is numbered and signed."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Issue(BaseModel):
    """What makes a certificate checkable: number, key, status entry, hashes of what was signed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    key_id: str
    status_list: int
    status_index: int
    signed_sha256: str
    snapshot_sha256: str
    name_commitment: str
    issued_at: AwareDatetime
    valid_until: AwareDatetime | None = None
    wording_version: str
    renderer_version: str
    credential_sha256: str = ""  # of the Open Badges file; the first certificates had none
