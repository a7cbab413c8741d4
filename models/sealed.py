"""Tables whose rows are only ever added: triggers refuse every change (SPEC 2, 7)."""

SEALED = (
    *("audit_event", "package_entry"),
    *("billing_adjustment", "billing_month", "billing_statement", "billing_line"),
)
"""An erasure lifts the triggers to take names out of rows; nothing else does (SPEC 11)."""
