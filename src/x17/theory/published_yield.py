"""The yield published with the motion of the electrons in diamond: 16 points read by the PADME analysis.

Boson of 17 MeV, vector, g = 1e-3; 0.1 mm of diamond; beam spread 0.5 %. PRL 132 (2024) 261801,
arXiv:2403.15387; the collaboration's public analysis repository assumes errors of 5 %.
"""

import numpy as np

PUBLISHED_YIELD = np.array(
    [
        (274.486, 1.4425e-7),
        (275.740, 1.9642e-7),
        (278.030, 4.4790e-7),
        (279.720, 1.00429e-6),
        (280.919, 1.50830e-6),
        (282.227, 1.73907e-6),
        (282.936, 1.67580e-6),
        (283.536, 1.51802e-6),
        (283.917, 1.37079e-6),
        (284.517, 1.10794e-6),
        (285.389, 7.9244e-7),
        (285.717, 6.7677e-7),
        (286.534, 4.3484e-7),
        (288.170, 2.1370e-7),
        (290.132, 1.2904e-7),
        (291.877, 7.600e-8),
    ]
)
"""Columns: beam energy in MeV, bosons per positron on target. Shape (16, 2)."""
PUBLISHED_YIELD.flags.writeable = False
