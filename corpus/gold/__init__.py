"""Hand-written cases for what Dateline does beyond finding a span; written for it, no news."""
