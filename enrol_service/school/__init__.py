"""The schools' people: who they are, what they may do."""
