"""The pages of the home school: deciding, and its own students."""
