"""Adapters: one vendor each, behind the Protocols of `services.ports`."""
