"""The catalogue as open data: tables of columns defined once, for JSON, CSV, the JSON Schema and the page that documents them."""
