"""Static files of the web pages."""
