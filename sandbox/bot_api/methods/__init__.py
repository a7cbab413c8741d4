"""The Bot API's methods, one file a group; the table of all is in `table.py`."""
