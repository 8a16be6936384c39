"""How the reader was made: each module is a command."""
