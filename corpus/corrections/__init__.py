"""What outlets say of their own articles afterwards: corrections, clarifications, retractions."""
