"""Which parameters a result hangs on, and how sure that is."""
