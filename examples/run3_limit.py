"""The PADME Run III limit in ten lines: load, model, limit, plot."""

import numpy as np
from matplotlib.figure import Figure

from x17.scan import EnergyScan
from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.data_sets import observed
from x17.statistics.model import ScanModel

model = ScanModel.build(EnergyScan.load("padme-run3"))
masses = np.linspace(16.3, 17.5, 121)
estimate = estimate_signal(model, observed(model), masses)
limit = np.sqrt(cls_limit(estimate.signal[0], estimate.error[0], cl=0.90))

figure = Figure(layout="constrained")
axes = figure.subplots()
axes.plot(masses, limit * 1e4)
axes.set(xlabel="boson mass [MeV]", ylabel="90 % CL limit on g_ve [1e-4]", ylim=(0, 12))
figure.savefig("run3_limit.png")
largest = masses[np.argmax(estimate.signal[0] / estimate.error[0])]
print(f"largest excess at {largest:.2f} MeV; run3_limit.png written")
