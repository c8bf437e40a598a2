"""From hits to counts: clusters, pairs, flux, efficiencies and the expected background of each period."""
