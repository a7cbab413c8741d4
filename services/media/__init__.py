"""Files that people send with their notes: checked, cleaned, named and stored (SPEC 4).

Only what `inspection.inspect_file` returns may be stored.
"""
