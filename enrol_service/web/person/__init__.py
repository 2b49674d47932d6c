"""The pages of one's own person: signing in."""
