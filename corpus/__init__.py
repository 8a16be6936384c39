"""News sources in, clean and dated articles and passages out."""
