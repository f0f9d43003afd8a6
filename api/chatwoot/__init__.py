"""Chatwoot's agent bot: their webhook comes in here; what goes back stands in api/outgoing."""
