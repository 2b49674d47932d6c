"""What is offered, by whom, to whom, at what price. No web, no database, no Pelican, no clock."""
