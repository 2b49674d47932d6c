"""The one definition of what content files may say: a hand-written JSON Schema per kind of file, with x- hints.

The reader, the canonical form, the published JSON Schema and the field reference all read these files.
"""
