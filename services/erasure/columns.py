"""Columns that hold what people wrote, and those that tell who they are (SPEC 11).

A test holds every column of every table against these lists: a new one is in one of them.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "audit_event": ("reason", "details"),
    "billing_adjustment": ("reason",),
    "billing_line": ("child", "tutor", "reason"),
    "billing_statement": ("name",),
    "cancellation": ("text", "waiver_reason"),
    "dispute": ("text", "evidence", "settlement_reason"),
    "evidence_file": ("text", "file_name"),
    "inbox_update": ("payload", "error"),
    "match": ("decline_reason",),
    "note_part": ("text", "file_name", "transcript"),
    "note_summary": ("content", "readings", "judgement"),
    "outbox_message": ("payload", "error"),
    "package_entry": ("reason",),
    "problem_reply": ("text",),
    "problem_report": ("text",),
    "reschedule_proposal": ("text",),
    "statement_mark": ("reason",),
    "tutor_leave": ("reason",),
    "shown_list": ("argument",),
}
"""Texts and documents in which anybody's name may stand, by table."""

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "calendar_feed": ("token_hash",),
    "card": ("chat_id",),
    "dialogue": ("draft", "chat_id", "user_id"),
    "evidence_file": ("chat_id", "media_key", "telegram_file_id"),
    "inbox_update": ("chat_id",),
    "invitation": ("token_hash",),
    "note_batch": ("chat_id",),
    "note_part": ("chat_id", "media_group_id", "media_key", "telegram_file_id"),
    "outbox_message": ("chat_id",),
    "person": ("language", "name", "ref", "telegram_user_id", "time_zone"),
    "problem_reply": ("chat_id",),
    "problem_report": ("chat_id",),
    "shown_list": ("chat_id",),
    "sign_in_link": ("token_hash", "used_from"),
    "standing_message": ("chat_id",),
    "student": ("address", "name", "ref"),
    "web_session": ("browser", "system", "token_hash"),
}
"""Columns that tell who somebody is, or lead to what they sent, by table."""

NEITHER: Mapping[str, tuple[str, ...]] = {
    "appointment": ("ref", "subject"),
    "billing_adjustment": ("amount",),
    "billing_line": ("amount", "subject"),
    "billing_month": ("agency", "currency", "time_zone"),
    "cancellation": ("amount", "penalty", "guidance", "holiday"),
    "card": ("content_hash",),
    "chat_migration": ("old_chat_id", "new_chat_id"),
    "dialogue": ("name", "state"),
    "evidence_file": ("media_type",),
    "holiday": ("name",),
    "inbox_update": ("bot_id", "update_id"),
    "lease": ("name", "holder"),
    "match": ("ref", "subject"),
    "media_reservation": ("key",),
    "note_part": ("media_type", "transcript_model"),
    "note_summary": ("error", "language", "model", "prompt_version", "shown_to"),
    "outbox_message": ("dedupe_key", "update_id"),
    "package": ("ref", "price"),
    "shown_list": ("content_hash",),
    "submitted_form": ("key",),
}
"""Columns with the agency's, the penalty sheet's or the program's own words and numbers."""
