"""Many policies together: factorial experiments, portfolios under a budget, and what is not known."""
