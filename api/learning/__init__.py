"""What players ask in vain: gathered, grouped by meaning, and settled by editors."""
