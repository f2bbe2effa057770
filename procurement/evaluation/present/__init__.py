"""From a stored sheet to what a page shows: names, sentences, tables and the numbers of the drawings."""
