"""When an article was published, as archives write it."""
