"""E-mail: what comes in by IMAP, what goes out by SMTP, and the threads that join them. Parsing is pure."""
