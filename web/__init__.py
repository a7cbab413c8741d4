"""Pages, feeds and the webhook, in one Starlette application (SPEC 10)."""
