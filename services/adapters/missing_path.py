"""Error of a model's server that lacks a part of the API."""

from services.ports import ModelUnavailableError


class NoSuchPathError(ModelUnavailableError):
    """The server does not offer this part of the API."""
