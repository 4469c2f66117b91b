"""Each measure shows what its row of the framework asks, every clause of it, over at least fifty paired futures.

A file a pillar. The claims were written from the rows before any result was seen. A direction holds when the whole 95 %
interval of the mean paired difference lies beyond the least effect that matters: 5 % of the level without the measure
unless the claim names another, and then docs/verification.md says why. "Nothing" holds when the whole interval lies inside
that margin.
"""
