"""Import and export of the agency's tables (SPEC 7, 11).

`importing.import_paths` is the entry point: it reads the files (`sources`), checks every row
(`person_rows`, `student_rows`, `session_rows`) against the others and the database, and saves all
of it, or nothing.
"""
