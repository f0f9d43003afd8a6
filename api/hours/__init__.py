"""Opening hours on the manager's page, and what players may know of them."""
