"""An error for which a model's server is not to be asked again in the same way."""

from services.ports import ModelUnavailableError


class NoSuchPathError(ModelUnavailableError):
    """The server does not offer this part of the API."""
