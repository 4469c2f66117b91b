"""What is kept: runs in a store that loses nothing, and folders of results that are whole or not there."""
