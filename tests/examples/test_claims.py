"""The assertions of the examples, each attacked: change what a claim rests on, and the example must fail.

An assertion that only repeats a run's digits would fail as well, so each example with a seed is also run with another
one: a claim that a seed decides is no claim.
"""

import os
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

# Example, what is replaced, by what, and a part of the assertion's message that must come.
CHANGED = [
    ("breast_cancer", "growth * wrong * wrong * wrong if", "wrong if", ""),
    ("breast_cancer", '"mse": 0.1 * 8.0 ** np.arange(7)', '"mse": 0.1 * 1.5 ** np.arange(7)', ""),
    ("label_flips", "np.where(flip, -clean, clean)", "clean", "a clear lead"),
    ("label_flips", 'chosen in (("", accuracy)', 'chosen in (("", late)', "smaller one"),
    ("rare_class", "[4.0, 8.0]", "[8.0, 8.0]", "overlapping"),
    ("rare_class", "wrong * wrong * (1 - wrong) if name", "wrong if name", "costs the squared error"),
    ("calibration", 'name == "mse" else weight', 'name == "both" else weight', ""),
    ("calibration", "0.7, 0.15)", "0.15, 0.15)", "where it is wrong, not"),
    ("calibration", "inputs[:, 1]", "inputs[:, 22]", "excludes zero"),
    ("separable_trap", "np.array([copies for", "np.array([copies - 1 for", "entered the trap"),
    ("separable_trap", "PATIENCE = 10_000, 100_000", "PATIENCE = 10_000, 80_000", "separates"),
    ("second_life", "DECAY, BUDGET = 20.0, 0.1, 1e-3", "DECAY, BUDGET = 20.0, 0.1, 0.0", "weight decay alone"),
    ("second_life", "FLOOR = 1e-12", "FLOOR = 1e-30", "fades"),
    ("penalties", "2 * mse_loss(1.0, logit(p))", "4 * bce_loss(1.0, logit(p))", ""),
    ("softmax", "way = math.log(n_classes - 1)", "way = math.log(n_classes)", ""),
    ("efficiency", "0.1, 8).min()", "1, 2).min()", "no floor"),
    ("adam", "EPS = 1e-8", "EPS = 1e-16", "does not arrive"),
    (
        "landscape",
        "far * mse_gradient_logit(1, -far * theta)",
        "far * (mse_gradient_logit(1, -far * theta) - 1e-3)",
        "",
    ),
    ("outlier", '"mse": mse_loss, "bce"', '"mse": bce_loss, "bce"', "no step of the grid"),
    ("two_moons", "train(name, np.tile(rates", "train('bce', np.tile(RATES['bce']", "still on the plateau"),
    ("two_weights", "start = np.array([-10.0, 0.0])", "start = np.array([1.0, 0.0])", "above the chord"),
    ("curvature", "p < 0.333", "p < 0.4", "downwards"),
    ("gradient_size", "peak_z = -np.log(2)", "peak_z = -np.log(3)", ""),
    ("gradient_size", "np.zeros(X.shape[1]), 0.4", "np.zeros(X.shape[1]), 1e-3", "does not stay there"),
    ("escape_time", "np.array([[-a]]), 1.0, budget", "np.array([[-a]]), 1.01, budget", "follows the flow"),
    ("nielsen_replay", "steps = 300", "steps = 3000", "far behind"),
    ("precision", '"float16", 11', '"float16", 12', "B ln 2"),
    ("proper_scoring", "kl = bce_excess_risk", "kl = 0.9 * bce_excess_risk", "Pinsker"),
    ("linear_output", "[0, 0, 1, 1, 1, 1]", "[0, 0, 1, 1, 1, 0]", ""),
    ("linear_output", "-sign * np.maximum(1 - sign * z, 0)", "-sign * (1 - sign * z)", "too right"),
    ("linear_output", "x[y].mean(axis=0) - x[~y].mean(axis=0)", "x[y].mean(axis=0)", "discriminant"),
    ("least_squares", "np.where(flip, 1 - labels, labels)", "np.where(flip, 1 - labels, labels) ** flip", "shrink"),
    ("least_squares", "FEATURES = 30, 100, (40, 80, 160, 320, 640)", "FEATURES = 600, 2, (40, 80, 160, 320, 640)", ""),
    ("many_classes", "residual = p * (residual", "residual = (residual", ""),
    ("many_classes", "np.float32(rate / m)", "np.float32(min(rate, 64) / m)", "holds the squared error up"),
    (
        "plateau_cures",
        "mse_gradient_logit(1, z) / slope(z),",
        "mse_gradient_logit(1, z) / slope(z) ** 2,",
        "cross-entropy's",
    ),
    ("plateau_cures", "DECAY = -8.0, 20_000, 0.9, 1e-2", "DECAY = -8.0, 20_000, 0.5, 1e-2", "momentum"),
    ("plateau_cures", "DECAY = -8.0, 20_000, 0.9, 1e-2", "DECAY = -8.0, 20_000, 0.9, 1e-5", "decay"),
    ("loss_scaling", "np.float16(scale / m)", "np.float16(min(scale, 1))", "underflow earlier"),
    ("loss_scaling", "return s, ONE - s", "return s, ONE / (ONE + np.exp(z))", "rounded away"),
    ("loss_weights", "((1 - p) - FOCUS * p * np.log(p))", "(1 - p)", "the push of focal"),
    ("loss_weights", '"mse": lambda p: (1 - p) ** 2 / 2', '"mse": lambda p: (1 - p) ** 3 / 3', "the push of mse"),
    ("loss_weights", "FOCUS, NOISE, SMOOTH = 2.0, 0.7, 0.1", "FOCUS, NOISE, SMOOTH = 2.0, 0.2, 0.1", "too large"),
    ("plateau", "a = 10.0", "a = 3.0", "hardly begun"),
    ("plateau", "arrived_mse / 2", "arrived_mse - 9", "close to the start"),
    ("loss_family", "lowest_curvature(k) >= 0", "lowest_curvature(k) >= -0.05", ""),
]
# With another seed the claims stand.
SEEDS = [
    ("label_flips", "default_rng(0)", "default_rng(1)"),
    ("rare_class", "default_rng(0)", "default_rng(1)"),
    ("calibration", "default_rng(0)", "default_rng(1)"),
    ("many_classes", "default_rng(n_classes)", "default_rng(100 + n_classes)"),
    ("plateau_cures", "default_rng(0)", "default_rng(1)"),
    ("loss_weights", "default_rng(0)", "default_rng(1)"),
    ("least_squares", "default_rng(0)", "default_rng(1)"),
    ("breast_cancer", "default_rng(seed)", "default_rng(500 + seed)"),
]


def run(name: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the example with one passage replaced, as the build does: nothing is shown or saved."""
    source = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    assert source.count(old) >= 1, f"{name} no longer contains {old!r}"
    script = tmp_path / f"{name}.py"
    script.write_text(source.replace(old, new), encoding="utf-8")
    monkeypatch.setitem(os.environ, "MSECLF_EXAMPLE", "1")
    try:
        runpy.run_path(str(script))
    finally:
        plt.close("all")


@pytest.mark.parametrize(("name", "old", "new", "message"), CHANGED, ids=[f"{c[0]}-{i}" for i, c in enumerate(CHANGED)])
def test_a_changed_claim_fails(name, old, new, message, tmp_path, monkeypatch):
    with pytest.raises(AssertionError) as caught:
        run(name, old, new, tmp_path, monkeypatch)
    assert message in str(caught.value)


@pytest.mark.parametrize(("name", "old", "new"), SEEDS, ids=[case[0] for case in SEEDS])
def test_another_seed_keeps_the_claim(name, old, new, tmp_path, monkeypatch):
    run(name, old, new, tmp_path, monkeypatch)
