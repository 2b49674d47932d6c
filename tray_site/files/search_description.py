"""opensearch.xml: how a browser's own search field asks this site (OpenSearch 1.1). The service answers."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from course_catalogue.model import Catalogue, Language
from theme.address import addresses
from theme.network_style import MARK, static_files_in
from theme.translation import translation

LONGEST = 16, 48, 1024  # characters of the short name, the long one, and the description


def search_description(catalogue: Catalogue, language: Language, service: str) -> bytes:
    """The description in one language. `service` is the service's host when it is another than the site's."""
    network = catalogue.network
    url = addresses(catalogue, language, service)
    search = url.search() if service else network.site_url + url.search()
    name = translation(language).gettext("Tarjotin")
    mark = network.site_url + static_files_in(network.colours)[MARK].address
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{escape(name[: LONGEST[0]])}</ShortName>",
        f"<LongName>{escape(f'{name}: {network.name.to(language)}'[: LONGEST[1]])}</LongName>",
        f"<Description>{escape(network.slogan.to(language)[: LONGEST[2]])}</Description>",
        f"<Language>{escape(language)}</Language>",
        f'<Image width="16" height="16" type="image/svg+xml">{escape(mark)}</Image>',
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Url type="text/html" method="get" template={quoteattr(search + "?q={searchTerms}")}/>',
        "</OpenSearchDescription>",
        "",
    ]
    return "\n".join(lines).encode()
