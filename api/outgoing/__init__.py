"""What is told to other systems: stored with the change that it tells of, sent afterwards, again if need be."""
