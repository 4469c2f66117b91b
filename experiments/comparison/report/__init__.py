"""The report of a comparison: one page, put together from parts."""
