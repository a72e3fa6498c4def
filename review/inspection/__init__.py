"""Walk a built site, ours or anybody's, and hold it against a profile of rules. Knows nothing of git or sign-offs."""
