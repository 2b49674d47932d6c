"""From a form to a seat and back: the rules of one enrolment, its place in line and its commitment."""
