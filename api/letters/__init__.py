"""How letters are doing, for managers: what was kept of what was promised, and whether mail comes and goes."""
