"""From a candidate to what players get: built beside the running index, held against it, put in its place."""
