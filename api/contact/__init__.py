"""Writing to people: the page /contact, the form in the widget, and a chat's transcript by mail."""
