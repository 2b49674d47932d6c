"""What a page tells machines in its head: structured data, the card for sharing, its feeds and calendars."""
