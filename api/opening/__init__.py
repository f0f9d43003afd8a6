"""When people are there: hours by channel and language, public holidays, exceptions, and how they are told."""
