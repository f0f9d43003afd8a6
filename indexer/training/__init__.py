"""How the bundled models are trained. Only the indexer knows models, so it lives here; nothing needs it to run."""
