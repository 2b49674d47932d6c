"""What time it is. A shifted clock shows another day at the real time of day, so that a sample network stays alive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]  # the present, an aware UTC instant


def clock(zone: ZoneInfo, today: date | None = None) -> Clock:
    """The real clock, or one whose day is `today` at the start and which then goes on as the real one does."""
    if today is None:
        return lambda: datetime.now(UTC)
    shift = today - datetime.now(zone).date()

    def shifted() -> datetime:
        local = datetime.now(zone)
        return (local.replace(tzinfo=None) + shift).replace(tzinfo=zone).astimezone(UTC)

    return shifted
