"""Conversations and their events: what the player's and the consultant's side both stand on."""
