"""Production of a library of showers with Geant4 (extra `[geant4]`).

python -m x17.simulation.showers.production --out library.npz --reference reference.json
"""
