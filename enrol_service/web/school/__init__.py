"""The pages of a school's own affairs: its people and their rights."""
