"""A hand-written news archive and questions about it, for trying and testing Dateline."""
