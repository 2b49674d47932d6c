"""The JSON API of school staff: the same commands as the pages, the same rules, the same refusals."""
