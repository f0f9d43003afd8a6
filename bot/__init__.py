"""How we think: from a question to a decision. Pure Python, no web, no database, no arrays."""
