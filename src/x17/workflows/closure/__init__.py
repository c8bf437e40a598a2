"""Closure: pseudo data takings from one large reconstructed sample, analysed and held to the truth.

Here alone reconstruction meets truth. A pseudo run draws its events from the reconstructed pairs of a
pipeline, with replacement, and its expectation independently from the same pairs of electrons and photons.
The machine's truths (ageing, charge per positron, beam positions, lost clusters) are drawn afresh, and the
flux is measured from bunches drawn under them.
"""
