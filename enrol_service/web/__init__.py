"""The pages of the service: each turns a request into one command or one look, and prints the answer."""
