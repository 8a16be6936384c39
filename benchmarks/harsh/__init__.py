"""What is done to an index on purpose, to see that nothing is lost and nothing false is told."""
