"""Build the public site as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from commands.bootstrap import ROOT
from commands.clock import moment
from course_catalogue.catalogue import ContentProblems
from course_catalogue.report import check_report
from tray_site.build import OutputProblems, build


def run(options: argparse.Namespace) -> int:
    """Build the site; exit code 1 and every problem listed if the content or the result is not right."""
    return make(options.content, options.output, options)


def make(content: Path, output: Path, options: argparse.Namespace) -> int:
    """Build `content` into `output`, which is replaced only when the new site is whole."""
    cache = None if options.no_cache else ROOT / ".cache"
    try:
        report = build(
            content,
            output,
            now=lambda network: moment(network, options.today),
            cache=cache,
            progress=sys.stdout.isatty(),
            service=options.service,
            packs=not options.no_pack,
        )
    except ContentProblems as found:
        print(check_report(found.problems, "text", "fi"))
        return 1
    except OutputProblems as found:
        print(f"The site was not replaced: {found}")
        return 1
    print(report)
    return 0
