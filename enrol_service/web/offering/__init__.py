"""The pages of the offering school: its runs and who is on them."""
