"""What the service says when a rule says no: one class for each reason, by whom it concerns."""
