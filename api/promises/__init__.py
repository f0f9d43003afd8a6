"""Promises: until when a person's answer was promised, who is reminded, and what was kept."""
