"""What is written to whom, and how it leaves."""
