"""What every page stands on: its language, its texts, its templates, its static files."""
