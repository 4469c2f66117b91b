"""The page for the room. It is empty until it is built."""
