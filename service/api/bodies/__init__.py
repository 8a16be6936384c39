"""What calls take and give, as JSON."""
