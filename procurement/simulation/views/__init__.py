"""The pages of the archive and of the studio."""
