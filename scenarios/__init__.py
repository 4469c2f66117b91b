"""Cities, policies and shocks as plain text files. No code lives here."""
