"""The player's side of a conversation: socket, HTTP, and the script for any page."""
