"""What an answer's words come to: a day, a number, an amount of money."""
