"""The pages of the network's coordinator: guest schools, all schools, what has been done, and mail that did not arrive."""
