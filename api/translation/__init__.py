"""Reading and answering in a language one does not speak: a machine's translation, checked, and never in the way."""
