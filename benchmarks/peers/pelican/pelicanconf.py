"""Settings of stock Pelican for the same pages. `PATH` and the output come from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path

DATA = json.loads(Path("data.json").read_text(encoding="utf-8"))

SITENAME = "Verkosto"
SITEURL = "https://tarjotin.example"
TIMEZONE = "Europe/Helsinki"
DEFAULT_LANG = "fi"
PLUGINS = ["pelican.plugins.yaml_metadata"]
THEME = "theme"
ARTICLE_PATHS = ["courses"]
PAGE_PATHS = []
STATIC_PATHS = []
ARTICLE_URL = ARTICLE_SAVE_AS = "courses/{school}/{slug}.html"
CATEGORY_URL = CATEGORY_SAVE_AS = "subjects/{slug}.html"
CATEGORIES_SAVE_AS = "subjects.html"
AUTHOR_URL = AUTHOR_SAVE_AS = "schools/{slug}.html"
AUTHORS_SAVE_AS = "schools.html"
TAG_SAVE_AS = TAGS_SAVE_AS = ARCHIVES_SAVE_AS = ""
ARTICLE_TRANSLATION_ID = None
DIRECT_TEMPLATES = ["index", "categories", "authors"]
DEFAULT_PAGINATION = 100
FEED_ALL_ATOM = "atom.xml"
CATEGORY_FEED_ATOM = "subjects/{slug}.atom"
AUTHOR_FEED_ATOM = "schools/{slug}.atom"
AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 30
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
MARKDOWN = {"extensions": ["markdown.extensions.fenced_code", "markdown.extensions.tables"], "output_format": "html5"}


def price(course, buyer):
    """The first rule that fits, as an agreement tells."""
    rule = next(rule for rule in DATA["agreement"]["prices"] if fits(rule, course, buyer))
    return rule["amount"] * (course.credits if rule["per"] == "credit" else 1)


def fits(rule, course, buyer):
    return (
        rule.get("buyer", buyer) == buyer
        and rule.get("mode", course.mode) == course.mode
        and rule.get("max_credits", 60) >= course.credits
        and rule.get("audience", course.audience[0]) in course.audience
    )


def day(value):
    return f"{value.day}.{value.month}.{value.year}"


def moment(value):
    value = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return f"{day(value)} {value.hour}.{value.minute:02}"


def state(run):
    opens, closes = (datetime.fromisoformat(str(run[f"enrolment_{name}_at"])) for name in ("opens", "closes"))
    now = datetime.now(UTC).replace(tzinfo=None)
    return "Ei vielä auki" if now < opens else "Auki" if now < closes else "Suljettu"


JINJA_FILTERS = {"price": price, "day": day, "moment": moment, "state": state}
