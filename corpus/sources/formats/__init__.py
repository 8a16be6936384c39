"""The formats that articles come in: a module for each, and what several share."""
