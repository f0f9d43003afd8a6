"""The player's chat: the script for the casino's pages, and what it talks to."""
