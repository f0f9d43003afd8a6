"""What editors have already, as drafts to review: tables, folders of Markdown, saved pages, and exported folders."""
