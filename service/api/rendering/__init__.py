"""Results become the bodies that are sent."""
