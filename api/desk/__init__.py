"""The consultant's desk: the queue, conversations in a person's hands, suggestions, figures."""
