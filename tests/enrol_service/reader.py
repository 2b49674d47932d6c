"""A person with a browser that has no script: opens pages, fills in the forms they hold, follows answers."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

HOME = "http://localhost"


class Reader:
    """One browser: its cookies, the page it shows and that page's forms."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.page: TestResponse | None = None
        self.address = "/"

    def open(self, address: str) -> BeautifulSoup:
        """Open an address, given whole or as a path, and follow where it leads."""
        self.address = address.removeprefix(HOME)
        self.page = self.client.get(self.address)
        return self._followed()

    def press(self, words: str, headers: dict[str, str] | None = None, **typed: str) -> BeautifulSoup:
        """Press the button that says `words` in a form of the page, with the form's own values and what is typed."""
        form = self._form_of(words)
        action = str(form["action"]).removeprefix(HOME)
        unknown = set(typed) - {str(field["name"]) for field in form.select("[name]")}
        assert not unknown, f"the form has no fields {unknown}"
        sent = {"Sec-Fetch-Site": "same-origin", **(headers or {})}
        self.page = self.client.post(action, data={**values_of(form), **typed}, headers=sent)
        self.address = action
        return self._followed()

    def follow(self, words: str) -> BeautifulSoup:
        """Follow the link that says `words`."""
        link = next(one for one in self.soup.select("a") if words in one.get_text(" ", strip=True))
        return self.open(str(link["href"]))

    @property
    def soup(self) -> BeautifulSoup:
        assert self.page is not None
        return BeautifulSoup(self.page.get_data(as_text=True), "lxml")

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    @property
    def heading(self) -> str:
        return " ".join(self.soup.h1.get_text(" ", strip=True).split()) if self.soup.h1 else ""

    def says(self, words: str) -> bool:
        """Whether the page's main part says so; no-break spaces count as spaces."""
        return words in text_of(self.soup.main)

    def _followed(self) -> BeautifulSoup:
        while self.page is not None and self.page.status_code in (301, 302, 303):
            self.address = self.page.headers["Location"].removeprefix(HOME)
            self.page = self.client.get(self.address)
        return self.soup

    def _form_of(self, words: str) -> Tag:
        for button in self.soup.select("form button"):
            if words in button.get_text(" ", strip=True):
                form = button.find_parent("form")
                assert isinstance(form, Tag)
                return form
        raise AssertionError(f"no button says {words!r}: {[one.get_text(strip=True) for one in self.soup.select('button')]}")


def values_of(form: Tag) -> dict[str, str]:
    """What a browser would send without anything typed."""
    found: dict[str, str] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            found[name] = field.get_text()
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            found[name] = str(chosen["value"]) if chosen else ""
        elif field.get("type") not in ("radio", "checkbox") or field.has_attr("checked"):
            found[name] = str(field.get("value", ""))
    return found


def text_of(part: Tag | None) -> str:
    return " ".join(part.get_text(" ").replace("\u00a0", " ").split()) if part else ""
