"""What Dateline is delivered with: its dependencies, their licences and hashes, its packages."""
