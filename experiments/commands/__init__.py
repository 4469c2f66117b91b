"""The commands of `citysafety`, a file for each kind; nothing heavy is imported before a command runs."""
