"""Projections: a setup or a scan → what a next run can exclude or discover, and where the beam should go."""
