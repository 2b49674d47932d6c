"""What `build.py` can do, one file per command. `bootstrap` and `parser` use the standard library alone."""
