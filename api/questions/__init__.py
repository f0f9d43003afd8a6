"""The editors' page of what players ask in vain."""
