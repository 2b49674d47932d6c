"""What is offered, by whom, to whom, at what price. No web, no database, no Pelican, no clock."""

import zoneinfo

zoneinfo.reset_tzpath(())  # the time zones of the locked package on every machine, not those of its operating system
