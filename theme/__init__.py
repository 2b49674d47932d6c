"""The one look of the site and of the service: templates, static files, words and the Jinja environment that prints them."""
