"""Backups: a folder with the database, the files of notes and a manifest of hashes (SPEC 11).

The database of a backup is an SQLite file, whichever engine it came from, so that a backup can be
restored into either. The same copying moves a database from SQLite to PostgreSQL.
"""
