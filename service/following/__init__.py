"""Keeping an index in step with what is published."""
