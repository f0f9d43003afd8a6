"""The help centre for players: every article that may be read, by category and by search, as pages without scripts."""
