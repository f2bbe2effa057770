"""What the pages of policies and of the law show: sentences and drawings made from documents, nothing decided here."""
