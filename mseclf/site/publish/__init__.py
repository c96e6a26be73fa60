"""Results to pages: the only stage that writes HTML. `hooks.py` is the only file that knows MkDocs."""
