"""A mock web of newsrooms, to be followed."""
