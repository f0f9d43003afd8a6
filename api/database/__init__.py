"""The room below every feature that stores: tables, connections, migrations."""
