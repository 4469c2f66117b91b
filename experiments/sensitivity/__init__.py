"""Which parameters drive a result, and how sure that is."""
