"""Error of a model's server that lacks a part of the API."""

from services.ports import ModelRefusesError


class NoSuchPathError(ModelRefusesError):
    """The server does not offer this part of the API."""
