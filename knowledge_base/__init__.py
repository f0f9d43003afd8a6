"""What we know: articles in two languages, facts, phrasings, and the checks that keep them true."""
