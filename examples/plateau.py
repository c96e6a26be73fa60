"""What does the plateau look like while one waits?

Claim: From the logit −10 cross-entropy is back at 0 after 11 units of time; by then squared error has moved by 0.0005,
    and it arrives after 22,059.
Source: docs/beyond/escape-time.md (experiment E3)
Topics: training, saturation
"""

import numpy as np

from mseclf import plots
from mseclf.flow import bce_escape_time, mse_escape_time

a = 10.0
# Dense near both ends: squared error leaves the start slowly, and comes to 0 fast.
z = -a + a * np.sort(np.concatenate([np.geomspace(1e-6, 1, 400), np.linspace(0.01, 1, 300)]))
mse_time, bce_time = mse_escape_time(a, z), bce_escape_time(a, z)
arrived_mse, arrived_bce = float(mse_escape_time(a)), float(bce_escape_time(a))

values = {
    "arrived_mse": arrived_mse,
    "arrived_bce": arrived_bce,
    "moved": float(np.interp(arrived_bce, mse_time, z) + a),
    "halfway": float(np.interp(arrived_mse / 2, mse_time, z)),
}

assert 0.0004 < values["moved"] < 0.0006, "when cross-entropy is there, squared error has hardly begun"
assert values["halfway"] < -9, "and after half of its wait it is still close to the start"

_, frames = plots.subplots(1, 2, height=3.0)
for ax, end in zip(frames, (12, 23_000), strict=True):
    ax.axhline(0, color=plots.MUTED, linewidth=0.8)
    shown = mse_time <= end
    ax.plot(np.append(mse_time[shown], min(end, arrived_mse)), np.append(z[shown], z[shown][-1]), **plots.MSE_LINE)
    ax.plot(bce_time, z, **plots.BCE_LINE)
    ax.plot([arrived_bce], [0], "o", color=plots.BCE, markersize=6)
    ax.set(xlim=(-0.03 * end, 1.03 * end), ylim=(-11, 1.6), xlabel="time, unit rate")
    plots.plain_numbers(ax.xaxis)
frames[1].plot([arrived_mse], [0], "s", color=plots.MSE, markersize=6)
frames[1].set_xticks([0, 10_000, 20_000])
for ax in frames:
    ax.set_yticks([0, -5, -10])
plots.name_y(frames[0], "logit $z$, the first 12 units")
plots.name_y(frames[1], "the same, the whole wait")
plots.label(frames[0], 6.6, -5.6, "cross-\nentropy:\n11", plots.BCE, ha="left")
plots.label(frames[0], 5, -9.2, "squared error", plots.MSE, ha="left")
plots.label(frames[1], 1200, -3.4, "cross-entropy: 11", plots.BCE, ha="left")
plots.label(frames[1], 1200, -8.0, "squared error:\n22,059", plots.MSE, ha="left")

plots.finish()
