"""Import of the agency's people, children and sessions from its own tables (SPEC 7, 11).

`importing.import_paths` is the way in: the files are read (`sources`), every row is checked
(`person_rows`, `student_rows`, `session_rows`) against the others and the database, and all of it
is saved together, or nothing is.
"""
