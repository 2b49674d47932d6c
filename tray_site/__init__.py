"""Prints the catalogue as the public site. `course_catalogue` decides what is true; here it only becomes pages."""
