"""Pages for everybody: no log-in, no script, nothing of anybody's data."""
