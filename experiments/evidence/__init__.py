"""What happened elsewhere, compared with the model: cases and their claims."""
