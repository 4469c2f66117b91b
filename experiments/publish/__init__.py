"""What the documentation shows, made from the model itself."""
