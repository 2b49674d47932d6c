#!/usr/bin/env python3
"""Tarjotin's one command: `python3 build.py serve`, `python3 build.py test`, `python3 build.py --help`.

Runs on a bare Python: it makes its own virtual environment from locked, hashed versions, goes on inside it,
and leaves the work to `commands/`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it with an older Python must get a sentence, not a traceback
    sys.exit(
        "Tarjotin needs Python 3.11 or newer; this is {}.{}. Install it, then run: python3.11 build.py serve".format(*sys.version_info)
    )

from commands import bootstrap, parser


def main(arguments: list[str]) -> int:
    """Read the command line, make sure the environment has what the command needs, and run it."""
    options = parser.parse(arguments)
    bootstrap.enter_environment("test" if options.command == "test" else "run", arguments)
    return parser.run(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
