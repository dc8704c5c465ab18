"""The steps of the schema that belong to the ways in: login sessions, codes, limits."""

from __future__ import annotations

from importlib.resources import files

from ledger.migrations import Step

# Version and file, in order; a released one is never edited.
STEPS = (
    ("0100_access.sql", "access/tables.sql"),
    ("0110_uploads.sql", "imports/tables.sql"),
    ("0120_sharing.sql", "sharing.sql"),
    ("0130_enrolment_retry.sql", "access/enrolment_retry.sql"),
    ("0140_kept_answers_sealed.sql", "access/kept_answers_sealed.sql"),
    ("0150_rule_runs.sql", "rulebooks/tables.sql"),
    ("0160_upload_kinds.sql", "imports/kinds.sql"),
    ("0170_micro_class_progress.sql", "micro_class_progress.sql"),
    ("0180_one_dry_run_at_a_time.sql", "rulebooks/one_at_a_time.sql"),
    ("0190_upload_preview.sql", "imports/preview.sql"),
    ("0220_kept_forms.sql", "access/kept_forms.sql"),
    ("0230_login_confirmed_at.sql", "access/login_confirmed_at.sql"),
    ("0250_machine_keys.sql", "access/machine_keys.sql"),
    ("0260_door_devices.sql", "access/door_devices.sql"),
    ("0270_single_sign_on.sql", "access/single_sign_on.sql"),
    ("0285_back_channel_logout.sql", "access/back_channel_logout.sql"),
    ("0300_restored.sql", "restored.sql"),
    ("0310_phones_kept_longer.sql", "access/phones_kept_longer.sql"),
    ("0320_accounts_kept.sql", "access/accounts_kept.sql"),
)


def steps() -> tuple[Step, ...]:
    folder = files("api")
    return tuple(
        Step(name, folder.joinpath(path).read_text(encoding="utf-8")) for name, path in STEPS
    )
