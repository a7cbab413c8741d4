"""Files that people send with their notes: what is let in, made safe, and how it is keyed (SPEC 4).

`inspection.inspect_file` is the one door: what it returns may be stored, whatever it was given.
"""
