"""Networks with one mistake each, outside the single course file: what is changed, and which problem is found where."""

from __future__ import annotations

from typing import NamedTuple

from tests.course_catalogue.conftest import COURSE, SMALL, Changes

NETWORK, RULES, STRAND = "network.yaml", "agreements/2026-2027.yaml", "schools/strand.yaml"
SUBJECTS, LEVELS, MODULES, ABOUT = "vocabulary/subjects.yaml", "vocabulary/levels.yaml", "vocabulary/modules.csv", "pages/sv/about.md"
WORDS = "vocabulary/search_words.yaml"  # which a network may do without


class Case(NamedTuple):
    name: str
    changes: Changes
    found: list[str]  # "code place", all of them


def read(path: str) -> str:
    return (SMALL / path).read_text(encoding="utf-8")


def about(text: str) -> Changes:
    return {ABOUT: BODY.replace("Text.", text)}


def without(path: str, part: str) -> Changes:
    return {path: [(part, "")]}


def periods(*written: str) -> Changes:
    """The school with periods, each given as id, first and last day."""
    lines = ["periods:"]
    for one in written:
        name, starts, ends = one.split()
        lines += [f"  - id: {name}", "    label: {fi: Jakso, sv: Period, en: Period}", f"    starts_on: {starts}", f"    ends_on: {ends}"]
    return {STRAND: [("contacts:", "\n".join([*lines, "contacts:"]))]}


def colours(main: str, accent: str) -> Changes:
    """The network in two colours, each as it is written, above the demonstration day."""
    return {NETWORK: [("demo_on", f"colours:\n  main: {main}\n  accent: {accent}\ndemo_on")]}


P1, P2, P3 = "p1 2026-08-11 2026-10-02", "p2 2026-10-05 2026-11-27", "p3 2026-11-30 2027-02-05"
PERIOD_WITHOUT_END = "periods:\n  - id: p1\n    label: {fi: a, sv: b, en: c}\n    starts_on: 2026-08-11\ncontacts:"
PERIOD_WITH_MORE = PERIOD_WITHOUT_END.replace("contacts:", "    ends_on: 2026-10-02\n    end_on: 2026-10-02\ncontacts:")
BODY = "---\ntitle: Sida\nsummary: En sida.\ngroup: about\norder: 1\n---\n\nText.\n"
GOOD_LINKS = (
    "[a](rules.md) [b](../fi/rules.md#2026-2027-leaving) [c](../../courses/kuusikko/yritysretki.md#enrol) [d](/) [e](/#results) [f](/sv/) "
    "[g](/courses/strand/fy1-fysik.html) [h](/en/schools/rantakyla.html) [i](/subjects/fy.html) [j](/search?q=x) [k](/sv/staff/) "
    "[l](#main) [m](https://x.example/y.md) [n](/catalogue.json) [o](rules.md 'Regler')"
)
MEMBERS = "members:\n  - kuusikko\n  - strand\n"

CASES = [
    # network.yaml
    Case("no mistake", {}, []),
    Case("school year backwards", {NETWORK: [("2027-07-31", "2026-07-31")]}, ["T404 network.yaml:9:22"]),
    Case("demonstration day outside", {NETWORK: [("2026-11-23", "2027-11-23")]}, ["T418 network.yaml:10:10"]),
    Case("own colours", colours('"#0d4a40"', '"#FFB43A"'), []),
    Case("a colour by its name", colours("navy", '"#ffb43a"'), ["T224 network.yaml:11:9"]),
    Case("a colour in three digits", colours('"#035"', '"#ffb43a"'), ["T224 network.yaml:11:9"]),
    Case("a colour without quotes", colours("#0d4a40", '"#ffb43a"'), ["T114 network.yaml:11:8"]),
    Case("one colour alone", {NETWORK: [("demo_on", 'colours:\n  main: "#0d4a40"\ndemo_on')]}, ["T105 network.yaml:11:3"]),
    Case("white text faint on the main colour", colours('"#2f7d6d"', '"#ffe9c4"'), ["T606 network.yaml:11:9"]),
    Case("dark text faint on the accent", colours('"#0d2a4a"', '"#ee6c4d"'), ["T606 network.yaml:12:11"]),
    Case("a pale main colour", colours('"#bfe3d8"', '"#ffb43a"'), [*2 * ["T606 network.yaml:11:9"], "T606 network.yaml:12:11"]),
    Case("unknown time zone", {NETWORK: [("Europe/Helsinki", "Europe/Helsink")]}, ["T223 network.yaml:4:12"]),
    Case("time zone by a path", {NETWORK: [("Europe/Helsinki", "../../etc/passwd")]}, ["T223 network.yaml:4:12"]),
    Case("email with (at)", {NETWORK: [("verkosto@pikku", "verkosto(at)pikku")]}, ["T212 network.yaml:6:16"]),
    Case("address without https", {NETWORK: [("https://tarjotin", "http://tarjotin")]}, ["T213 network.yaml:7:11"]),
    Case("unknown language of the network", {NETWORK: [("[fi, sv, en]", "[fi, sv, de]")]}, ["T208 network.yaml:3:21"]),
    Case("a page of a language that the network has not", {"pages/de/about.md": BODY}, ["T603 pages/de/about.md:1:1"]),
    Case("network file empty", {NETWORK: ""}, ["T105 network.yaml:1:1"] * 9),
    Case("network file is a list", {NETWORK: "- a\n"}, ["T110 network.yaml:1:1"]),
    # schools
    Case("wrong check digit", {STRAND: [("7654321-2", "7654321-3")]}, ["T222 schools/strand.yaml:6:14"]),
    Case("business id without a hyphen", {STRAND: [("7654321-2", "76543212")]}, ["T222 schools/strand.yaml:6:14"]),
    Case("no coordinator", {STRAND: [("[contact_person, coordinator]", "[contact_person]")]}, ["T601 schools/strand.yaml:7:1"]),
    Case("no payer", {STRAND: [("[payer]", "[teacher]")]}, ["T601 schools/strand.yaml:7:1"]),
    Case("unknown role", {STRAND: [("[payer]", "[maksaja]")]}, ["T208 schools/strand.yaml:14:13"]),
    Case("contacts missing", {STRAND: [(read(STRAND)[read(STRAND).index("contacts:") :], "")]}, ["T105 schools/strand.yaml:1:1"]),
    Case("folder that is no school", {"courses/stand/fy1.md": read("courses/strand/fy1-fysik.md")}, ["T306 courses/stand/fy1.md:1:1"]),
    Case(
        "a broken school is not held against its courses",
        {STRAND: [("kind: lukio", "kind: gymnasium"), ("7654321-2", "1")]},
        ["T208 schools/strand.yaml:2:7", "T222 schools/strand.yaml:6:14"],
    ),
    # periods of a school
    Case("periods in order", periods(P1, P2, P3), []),
    Case("no periods in the list", {STRAND: [("contacts:", "periods: []\ncontacts:")]}, ["T215 schools/strand.yaml:7:10"]),
    Case("periods as a text", {STRAND: [("contacts:", "periods: fem\ncontacts:")]}, ["T118 schools/strand.yaml:7:10"]),
    Case("a period that ends before it begins", periods("p1 2026-10-02 2026-08-11"), ["T404 schools/strand.yaml:11:14"]),
    Case("a period of one day", periods("p1 2026-10-02 2026-10-02"), ["T404 schools/strand.yaml:11:14"]),
    Case("two periods with a common day", periods(P1, "p2 2026-10-02 2026-11-27"), ["T604 schools/strand.yaml:14:16"]),
    Case("the next period the day after is fine", periods(P1, "p2 2026-10-03 2026-11-27"), []),
    Case("periods in the wrong order", periods(P2, P1), ["T604 schools/strand.yaml:14:16"]),
    Case("a period of a wrong year", periods(P1, "p2 2026-10-05 2027-11-27"), ["T605 schools/strand.yaml:15:14"]),
    Case("a period years later", periods(P1, "p2 2062-10-05 2062-11-27"), ["T605 schools/strand.yaml:14:16"]),
    Case("a period id twice", periods(P1, "p1 2026-10-05 2026-11-27"), ["T307 schools/strand.yaml:12:9"]),
    Case("a period id in capitals", periods("P1 2026-08-11 2026-10-02"), ["T211 schools/strand.yaml:8:9"]),
    Case("a period with a day that is not", periods("p1 2026-02-30 2026-11-27", P3), ["T221 schools/strand.yaml:10:16"]),
    Case("a period with a Finnish date", periods("p1 11.8.2026 2026-10-02"), ["T201 schools/strand.yaml:10:16"]),
    Case("a period without an end", {STRAND: [("contacts:", PERIOD_WITHOUT_END)]}, ["T105 schools/strand.yaml:8:5"]),
    Case("a period with an unknown field", {STRAND: [("contacts:", PERIOD_WITH_MORE)]}, ["T116 schools/strand.yaml:12:5"]),
    # agreements
    Case("empty agreement", {RULES: ""}, [f"T105 {RULES}:1:1"] * 12),
    Case("agreement backwards", {RULES: [("ends_on: 2027-07-31", "ends_on: 2026-07-31")]}, [f"T404 {RULES}:6:10"]),
    Case("unknown member", {RULES: [(MEMBERS, MEMBERS + "  - strnd\n")]}, [f"T301 {RULES}:11:5"]),
    Case("member twice", {RULES: [(MEMBERS, MEMBERS + "  - strand\n")]}, [f"T217 {RULES}:11:5"]),
    Case("unknown course in a price", {RULES: [("amount: 60.00", "courses: [kuusikko/fy5]\n    amount: 60.00")]}, [f"T305 {RULES}:14:15"]),
    Case(
        "two agreements at a time",
        {"agreements/2027.yaml": read(RULES).replace("2026-08-01", "2027-01-01").replace("2027-07-31", "2027-12-31")},
        ["T503 agreements/2027.yaml:5:12"],
    ),
    Case(
        "no price for outside schools",
        {RULES: [("buyer: outside", "buyer: member")]},
        [
            "T502 courses/kuusikko/fy4-voima-ja-liike.md:8:7",
            "T502 courses/kuusikko/hi1-ihminen-ja-ymparisto.md:8:7",
            "T502 courses/kuusikko/maa6-derivaatta.md:8:7",
            "T502 courses/kuusikko/yritysretki.md:7:7",
            "T502 courses/strand/fy1-fysik.md:8:7",
        ],
    ),
    Case(
        "no price for one mode",
        {RULES: [("mode: virtual_class", "mode: guided")]},
        ["T502 courses/kuusikko/hi1-ihminen-ja-ymparisto.md:8:7"],
    ),
    Case(
        "credits of a price backwards",
        {RULES: [("per: credit", "per: credit\n    min_credits: 4\n    max_credits: 2")]},
        [f"T508 {RULES}:17:18"],
    ),
    Case("price id twice", {RULES: [("id: ohjattu", "id: virtuaali")]}, [f"T307 {RULES}:38:9"]),
    Case("steps out of order", {RULES: [("days: 14", "days: 0")]}, [f"T505 {RULES}:71:11"]),
    Case("leaving later costs less", {RULES: [("share: 100", "share: 40")]}, [f"T506 {RULES}:72:12"]),
    Case("wrong anchor", {RULES: [("anchor: first_contact", "anchor: starts")]}, [f"T507 {RULES}:79:13"]),
    Case("hour without quotes is fine", {RULES: [('"16:00"', "16:00")]}, []),
    Case("hour in Finnish", {RULES: [('"16:00"', "klo 16")]}, [f"T203 {RULES}:56:17"]),
    Case("share in tenths", {RULES: [("share: 50", "share: 0.5")]}, [f"T204 {RULES}:64:12"]),
    Case("a party without duties", {RULES: [(read(RULES)[read(RULES).index("  network:") :], "")]}, [f"T105 {RULES}:98:3"]),
    Case("no agreement", {RULES: None}, ["T504 agreements:1:1"]),
    # vocabulary
    Case(
        "no subjects",
        {SUBJECTS: None},
        ["T011 vocabulary/subjects.yaml:1:1"],
    ),
    Case(
        "subject id in small letters", {SUBJECTS: [("YR:", "yr:")]}, ["T302 courses/kuusikko/yritysretki.md:5:10", f"T210 {SUBJECTS}:4:1"]
    ),
    Case("subject twice by letter case", {LEVELS: [("lukio-aikuiset: {fi", "LUKIO: {fi")]}, [f"T304 {COURSE}:10:19", f"T106 {LEVELS}:2:1"]),
    Case("search words are fine", {WORDS: "matikka: [matematiikka, matematik]\nkurssi: []\n"}, []),
    Case("search word with a capital", {WORDS: "Matikka: [matematiikka]\n"}, [f"T210 {WORDS}:1:1"]),
    Case("search word meaning two words as one", {WORDS: "matikka: [lyhyt matematiikka]\n"}, [f"T210 {WORDS}:1:11"]),
    Case("search word without a list", {WORDS: "matikka: matematiikka\n"}, [f"T118 {WORDS}:1:10"]),
    Case("search word meaning the same twice", {WORDS: "matikka: [matematiikka, matematiikka]\n"}, [f"T217 {WORDS}:1:25"]),
    Case("module file without a header", {MODULES: read(MODULES).split("\n", 1)[1]}, [f"T801 {MODULES}:1:1"]),
    Case("module line too short", {MODULES: [("FY1,FY,1,", "FY1,FY,")]}, ["T303 courses/strand/fy1-fysik.md:6:11", f"T802 {MODULES}:11:1"]),
    Case("module line with an open quote", {MODULES: read(MODULES) + 'FY9,FY,2,"auki\n'}, [f"T802 {MODULES}:26:1"]),
    Case("module code of a wrong form", {MODULES: read(MODULES) + "fy9,FY,2,a,,,,,1,1\n"}, [f"T803 {MODULES}:25:1"]),
    Case("module without a name", {MODULES: read(MODULES) + "FY9,FY,2,,,,,,1,1\n"}, [f"T803 {MODULES}:25:1"]),
    Case("module twice", {MODULES: read(MODULES) + "FY8,FY,2,a,,,,,1,1\n"}, [f"T804 {MODULES}:25:1"]),
    Case("module of an unknown subject", {MODULES: read(MODULES) + "FY9,FI,2,a,,,,,1,1\n"}, [f"T302 {MODULES}:25:5"]),
    Case("module with half credits", {MODULES: read(MODULES) + "FY9,FY,0.5,a,,,,,1,1\n"}, [f"T805 {MODULES}:25:1"]),
    Case(
        "module without credits needs a reason",
        {MODULES: [("FY4,FY,2,", "FY4,FY,,")]},
        [f"T402 {COURSE}:7:10"],
    ),
    # pages
    Case("page in two languages only", {"pages/fi/uusi.md": BODY, "pages/sv/uusi.md": BODY}, ["T602 pages/fi/uusi.md:1:1"]),
    Case("page without front matter", {ABOUT: "Text.\n"}, [f"T014 {ABOUT}:1:1"]),
    Case("page with an unknown group", {ABOUT: [("group: about", "group: om")]}, [f"T208 {ABOUT}:4:8"]),
    Case("page with HTML", {ABOUT: [("Kursbrickan samlar", "<b>Kursbrickan</b> samlar")]}, [f"T701 {ABOUT}:8:1", f"T701 {ABOUT}:8:15"]),
    # links from text to text
    Case("links that lead somewhere", about(GOOD_LINKS), []),
    Case("a link to an unknown page", about("[x](ruls.md)"), [f"T709 {ABOUT}:8:5"]),
    Case("a link to an unknown course", {COURSE: [("\n## ", "\n[x](maa7.md) [y](maa6-derivaatta.md)\n\n## ")]}, [f"T709 {COURSE}:42:5"]),
    Case("a link by definition", about("[x][1]\n\n[1]: /pages/poissa.html"), [f"T709 {ABOUT}:10:6"]),
    Case("a link to somebody's own page", about("[x](/decide/x)\n[y](/enrol)"), [f"T709 {ABOUT}:{line}:5" for line in (8, 9)]),
    Case("a link in a language that the network has not", about("[x](/fi/) [y](/de/)"), [f"T709 {ABOUT}:8:{at}" for at in (5, 15)]),
    Case("a link to a file that is no page", about("[x](../../network.yaml)"), [f"T709 {ABOUT}:8:5"]),
    Case("a link out of the folder", about("[x](../../../../etc/passwd)"), [f"T709 {ABOUT}:8:5"]),
    Case("a link to a draft", about("[x](../../courses/kuusikko/fy8-luonnos.md)"), [f"T710 {ABOUT}:8:5"]),
    Case("a link to a draft's address", about("[x](/sv/courses/kuusikko/fy8-luonnos.html)"), [f"T710 {ABOUT}:8:5"]),
    Case("a link to a subject that nobody offers", about("[x](/subjects/ke.html)"), [f"T709 {ABOUT}:8:5"]),
    Case("a link to a place that is not there", about("[x](rules.md#priser) [y](#alku)"), [f"T711 {ABOUT}:8:{at}" for at in (5, 26)]),
    Case("a link shown as code", about("`[x](y.md)`\n\n```md\n[x](y.md)\n```"), []),
    # files
    Case("network file missing", {NETWORK: None}, ["T011 network.yaml:1:1"]),
    Case(
        "names that differ by letter case",
        {"courses/kuusikko/FY4-voima-ja-liike.md": read(COURSE)},
        ["T003 courses/kuusikko/FY4-voima-ja-liike.md:1:1", f"T009 {COURSE}:1:1"],
    ),
    Case(
        "a file that belongs nowhere",
        {"courses/kuusikko/kuva.png": b"x", "themes/x.html": ""},
        ["T002 courses/kuusikko/kuva.png:1:1", "T002 themes/x.html:1:1"],
    ),
    Case("a file name with capitals", {"courses/kuusikko/FY5 Jaksot.md": read(COURSE)}, ["T003 courses/kuusikko/FY5 Jaksot.md:1:1"]),
    Case("a name that Windows keeps", {"courses/kuusikko/con.md": read(COURSE)}, ["T008 courses/kuusikko/con.md:1:1"]),
    Case(
        "a hidden file",
        {"courses/kuusikko/.fy.md.swp": b"\x00", "schools/kuusikko.yaml~": ""},
        ['T010 "schools/kuusikko.yaml~":1:1', "T010 courses/kuusikko/.fy.md.swp:1:1"],
    ),
    Case("readme and licence are welcome", {"README.md": "# x", "LICENSE": "x", "courses/.gitkeep": ""}, []),
]
