"""The files of the site that are no pages: open data, the words of the search, the sitemap."""
