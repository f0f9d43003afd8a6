"""How we serve: command line, HTTP and pages; joins everything."""
