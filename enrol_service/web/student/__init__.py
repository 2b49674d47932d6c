"""The pages a student opens: the form and the own page."""
