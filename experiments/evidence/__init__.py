"""What happened elsewhere, held against the model: cases and their claims."""
