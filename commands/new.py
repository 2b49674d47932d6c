"""Start a course or a school file from a filled-in example. An existing file is never overwritten."""

from __future__ import annotations

import argparse

from course_catalogue.scaffold import ScaffoldRefused, new_course, new_school


def run(options: argparse.Namespace) -> int:
    """Write the new file and say where it is; exit code 1 and a sentence if it cannot be begun."""
    try:
        if options.kind == "course":
            path, text = new_course(options.content, options.school, options.name)
        else:
            path, text = new_school(options.content, options.name)
        file = options.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except ScaffoldRefused as refused:
        print(refused)
        return 1
    except FileExistsError:
        print(f"{path} exists already. Choose another name, or edit that file.")
        return 1
    print(f"Wrote {file}. Fill it in, then: python3 build.py check")
    return 0
