"""The calls that speak as OpenAI's do."""
