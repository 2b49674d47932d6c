"""What is told of many enrolments at once, on a page or in a file."""
