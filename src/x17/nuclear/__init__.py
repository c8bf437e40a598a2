"""The nuclear side: transitions, their pairs, spectrometers, and the measurements of the 17 MeV anomaly."""
