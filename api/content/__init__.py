"""Articles and facts as versions: drafted, reviewed, released; the release in force is what players get."""
