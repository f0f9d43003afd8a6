"""Who works here: accounts, roles, passwords and sessions."""
