"""What tests of pages share."""

import pytest

from tests.open_database import OpenDatabase
from tests.web.visiting import Pages, pages_of


@pytest.fixture
def pages(database: OpenDatabase) -> Pages:
    """A site with a session; whichever loop a test has, that of the browser too."""
    return pages_of(database)
