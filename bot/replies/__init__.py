"""What the player is told: Markdown templates, one a reason and language, filled with facts and nothing else."""
