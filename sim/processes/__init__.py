"""What happens in a month, one mechanism a file; `sim.month` puts them in order."""
