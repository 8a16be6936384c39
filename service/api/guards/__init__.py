"""What every call passes first: host, key, rate, size, time."""
