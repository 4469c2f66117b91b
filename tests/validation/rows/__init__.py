"""Every entity and dynamic of the framework shows what its row says, and no longer shows it where its mechanism is off.

One test a row, named by it; a file holds rows that are about one thing. The claim of each was written down from the row
before any result was seen. It is judged by the rules of `futures`: at least fifty paired futures, a direction beyond 5 %
of the level and nothing within it, unless a test names another least and says why. The negative control runs the same
with the mechanism at its null value, from the burn-in on (`without=`), and asks for the pattern to be gone.
"""
