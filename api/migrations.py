"""The steps of the schema that belong to the ways in: login sessions, codes, limits."""

from __future__ import annotations

from importlib.resources import files

from ledger.migrations import Step


def steps() -> tuple[Step, ...]:
    """In order; a released one is never edited."""
    folder = files("api")
    tables = (folder / "access" / "tables.sql").read_text(encoding="utf-8")
    uploads = (folder / "imports" / "tables.sql").read_text(encoding="utf-8")
    sharing = (folder / "sharing.sql").read_text(encoding="utf-8")
    retry = (folder / "access" / "enrolment_retry.sql").read_text(encoding="utf-8")
    progress = (folder / "micro_class_progress.sql").read_text(encoding="utf-8")
    answers = (folder / "access" / "kept_answers_sealed.sql").read_text(encoding="utf-8")
    rule_runs = (folder / "rulebooks" / "tables.sql").read_text(encoding="utf-8")
    one_run = (folder / "rulebooks" / "one_at_a_time.sql").read_text(encoding="utf-8")
    kinds = (folder / "imports" / "kinds.sql").read_text(encoding="utf-8")
    preview = (folder / "imports" / "preview.sql").read_text(encoding="utf-8")
    kept_forms = (folder / "access" / "kept_forms.sql").read_text(encoding="utf-8")
    confirmed_at = (folder / "access" / "login_confirmed_at.sql").read_text(encoding="utf-8")
    return (
        Step("0100_access.sql", tables),
        Step("0110_uploads.sql", uploads),
        Step("0120_sharing.sql", sharing),
        Step("0130_enrolment_retry.sql", retry),
        Step("0140_kept_answers_sealed.sql", answers),
        Step("0150_rule_runs.sql", rule_runs),
        Step("0160_upload_kinds.sql", kinds),
        Step("0170_micro_class_progress.sql", progress),
        Step("0180_one_dry_run_at_a_time.sql", one_run),
        Step("0190_upload_preview.sql", preview),
        Step("0220_kept_forms.sql", kept_forms),
        Step("0230_login_confirmed_at.sql", confirmed_at),
    )
