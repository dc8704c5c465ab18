"""The table of the certificate register; its rows are `RegisteredCertificate`."""

from __future__ import annotations

from typing import LiteralString

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS certificate (
    certificate_id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    kind text NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    district_code text NOT NULL,
    stage text NOT NULL,
    school_year bigint,
    level bigint,
    hours bigint NOT NULL,
    face_to_face_hours bigint NOT NULL,
    achieved_on date NOT NULL,
    achievement_id uuid NOT NULL,
    key_id text NOT NULL,
    status_list bigint NOT NULL,
    status_index bigint NOT NULL,
    signed_sha256 text NOT NULL,
    snapshot_sha256 text NOT NULL,
    name_commitment text NOT NULL,
    issued_at timestamptz NOT NULL,
    valid_until timestamptz,
    wording_version text NOT NULL,
    renderer_version text NOT NULL,
    credential_sha256 text NOT NULL,
    rulebook_version text,
    replaces uuid,
    follows uuid,
    state text NOT NULL,
    state_reason text,
    proposed_reason text,
    proposed_by uuid,
    proposed_at timestamptz,
    dropped text,
    dropped_at timestamptz,
    successor_id uuid,
    successor_number text,
    review_reason text,
    changed_at timestamptz
);
CREATE INDEX IF NOT EXISTS certificate_school ON certificate (school_code, issued_at);
CREATE INDEX IF NOT EXISTS certificate_learner ON certificate (learner_id);
CREATE INDEX IF NOT EXISTS certificate_achievement ON certificate (achievement_id);
CREATE INDEX IF NOT EXISTS certificate_key ON certificate (key_id, signed_sha256 COLLATE "C");
CREATE INDEX IF NOT EXISTS certificate_state ON certificate (status_list, status_index)
    WHERE state <> 'valid';
CREATE UNIQUE INDEX IF NOT EXISTS certificate_follows ON certificate (follows);
CREATE INDEX IF NOT EXISTS certificate_proposed ON certificate (district_code)
    WHERE proposed_by IS NOT NULL AND state = 'valid';
"""
