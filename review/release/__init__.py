"""What is served equals what was signed: chains of evidence beside the pages, and the one-step swap of the output."""
