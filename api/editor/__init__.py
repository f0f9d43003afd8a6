"""The editors' room: articles and facts, trying, publishing, going back."""
