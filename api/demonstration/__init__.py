"""The invented casino's home page that the chat stands on while one tries Krupier out."""
