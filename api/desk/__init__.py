"""The consultant's desk: queue, conversation, suggestions."""
