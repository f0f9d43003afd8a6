"""The calendar entry of a call-back (RFC 5545), for a mail or to be downloaded."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress

from api.callbacks.values import Callback, CallStatus

PRODUCT = "-//Krupier//call-back//PL"
REMINDER = timedelta(minutes=15)


def calendar_entry(
    callback: Callback, summary: str, description: str, organizer: str | None, link: str | None, at: datetime
) -> bytes:
    """One event; changed or cancelled, it replaces the one of the same UID by its higher sequence."""
    is_cancelled = callback.status is CallStatus.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"callback-{callback.id}-{int(callback.created_at.timestamp())}@krupier")
    event.add("dtstamp", at)
    event.add("sequence", callback.sequence)
    event.add("dtstart", callback.slot_at)  # in UTC, so that no calendar needs to know our time zone
    event.add("dtend", callback.slot_ends_at)
    event.add("summary", summary)
    event.add("description", description)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if organizer:
        event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    if link:
        event.add("url", link)
    if not is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", -REMINDER)
        event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def media_type(callback: Callback) -> str:
    """With the method that stands in it, as RFC 5546 wants."""
    method = "CANCEL" if callback.status is CallStatus.CANCELLED else "PUBLISH"
    return f"text/calendar; method={method}; charset=utf-8"
