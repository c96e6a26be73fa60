"""math.js against the Python package: the same functions, over random inputs and at the extremes."""

from itertools import pairwise

import numpy as np
import pytest

import mseclf

EPS = float(np.finfo(float).eps)
SCALES = (1.0, 10.0, 100.0, 700.0)


def examples(seed: int, n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """Random labels, hard and soft, and logits from small to beyond the range of exp."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n) * rng.choice(SCALES, size=n)
    y = np.where(rng.random(n) < 0.5, rng.integers(0, 2, n).astype(float), rng.random(n))
    edges = [0.0, -0.0, 1e-300, -1e-300, 36.8, -36.8, 745.0, -745.0, 1e4, -1e4]
    return np.concatenate([y, [0.0] * 10, [1.0] * 10]), np.concatenate([z, edges, edges])


def call_all(math_js, name: str, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.array(math_js(f"(y, z) => y.map((_, i) => lib.{name}(y[i], z[i]))", y.tolist(), z.tolist()))


def terms(y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The two positive terms whose difference is s - y: what rounding errors are measured against for soft labels."""
    return (1 - y) * mseclf.sigmoid(z) + y * mseclf.sigmoid(-z)


def close(got: np.ndarray, want: np.ndarray, scale: np.ndarray) -> None:
    # A dozen roundings, each relative to the sum of sizes; below the normal numbers the spacing itself is the limit.
    assert np.all(np.abs(got - want) <= 12 * EPS * scale + 2e-323)


def test_links(math_js):
    _, z = examples(1)
    got = np.array(math_js("(z) => z.map((v) => [lib.sigmoid(v), lib.slope(v)])", z.tolist()))
    close(got[:, 0], mseclf.sigmoid(z), mseclf.sigmoid(z))
    close(got[:, 1], mseclf.sigmoid_derivative(z), mseclf.sigmoid_derivative(z))


def test_losses(math_js):
    y, z = examples(2)
    close(call_all(math_js, "mseLoss", y, z), mseclf.mse_loss(y, z), terms(y, z) ** 2)
    close(call_all(math_js, "bceLoss", y, z), mseclf.bce_loss(y, z), np.abs(z) * (1 + y) + np.exp(-np.abs(z)))


def test_gradients(math_js):
    y, z = examples(3)
    close(call_all(math_js, "bceGradientLogit", y, z), mseclf.bce_gradient_logit(y, z), terms(y, z))
    slope = mseclf.sigmoid_derivative(z)
    close(call_all(math_js, "mseGradientLogit", y, z), mseclf.mse_gradient_logit(y, z), terms(y, z) * slope)


def test_second_derivatives(math_js):
    y, z = examples(4)
    slope = mseclf.sigmoid_derivative(z)
    close(call_all(math_js, "bceSecondDerivativeLogit", y, z), mseclf.bce_second_derivative_logit(y, z), slope)
    got, want = call_all(math_js, "mseSecondDerivativeLogit", y, z), mseclf.mse_second_derivative_logit(y, z)
    close(got, want, slope * (slope + terms(y, z)))


def test_escape_times(math_js):
    a = np.concatenate([[0.0], np.geomspace(1e-12, 700, 400)])
    got = np.array(math_js("(a) => a.map((v) => [lib.mseEscapeTime(v), lib.bceEscapeTime(v)])", a.tolist()), float)
    np.testing.assert_allclose(got[:, 0], mseclf.mse_escape_time(a), rtol=8 * EPS)
    np.testing.assert_allclose(got[:, 1], mseclf.bce_escape_time(a), rtol=8 * EPS)


@pytest.mark.parametrize("rule", ["gradientDescent", "adam"])
@pytest.mark.parametrize("name", ["mse", "bce"])
def test_training_follows_the_package_step_by_step(math_js, name, rule):
    train = mseclf.gradient_descent if rule == "gradientDescent" else mseclf.adam
    loss = mseclf.LOSSES[name]
    rng = np.random.default_rng(5)
    for _ in range(12):
        x, y, w, b, rate = (
            rng.normal() * 2,
            float(rng.integers(0, 2)),
            *rng.normal(size=2) * 3,
            10 ** rng.uniform(-2, 0),
        )
        got = math_js(
            f"(name, x, y, start, rate) =>"
            f" lib.extend([], lib.{rule}((p) => lib.neuronGradient(name, x, y, p), start, rate), 200)",
            *(name, x, y, [w, b], rate),
        )
        X = np.array([[x, 1.0]])
        path = train(lambda theta, X=X, y=y: loss.gradient_theta(theta, X, [y]), [w, b], rate, 200)
        np.testing.assert_allclose(got, path.theta[:, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", ["gradientDescent", "adam"])
def test_a_run_in_slices_is_the_run_at_once(math_js, rule):
    """Bit for bit, as long trainings are cut to leave room for the hand."""
    walk = f"lib.{rule}((p) => lib.neuronGradient('mse', 1.7, 0, p), [2, 0.3], 0.15)"
    at_once = math_js(f"() => lib.extend([], {walk}, 90)")
    assert len(at_once) == 91
    assert (
        math_js(f"() => {{ const w = {walk}; return [0, 40, 40, 90].reduce((p, n) => lib.extend(p, w, n), []); }}")
        == at_once
    )


def test_nielsens_demonstration(math_js):
    for start, want in (([0.6, 0.9], 0.0940), ([2, 2], 0.2028)):
        path = math_js(
            "(s) => lib.extend([], lib.gradientDescent((p) => lib.neuronGradient('mse', 1, 0, p), s, 0.15), 300)", start
        )
        assert round(float(mseclf.sigmoid(sum(path[-1]))), 4) == want


def test_escape_steps_scale_with_rate_and_input(math_js):
    call = "(name, y, z, x, rate) => lib.escapeSteps(name, x, y, [0, z], rate)"
    assert math_js(call, "mse", 1, -5, 0, 1) == pytest.approx(165.893, abs=5e-4)
    assert math_js(call, "mse", 0, 5, 0, 1) == pytest.approx(165.893, abs=5e-4)
    assert math_js(call, "mse", 1, -5, 3, 0.5) == pytest.approx(165.893 / 5, abs=1e-4)
    assert math_js(call, "bce", 1, -5, 0, 1) == pytest.approx(5.993, abs=5e-4)
    assert math_js(call, "mse", 1, 0.1, 0, 1) is None
    assert math_js(call, "mse", 0, -0.1, 0, 1) is None


def groups(points):
    """[x, ones of four] as groups for JavaScript, and as a design matrix with labels for Python."""
    for_js = [g for x, ones in points for g in ([x, 1, ones], [x, 0, 4 - ones])]
    X = np.repeat([x for x, _ in points], 4)[:, np.newaxis]
    y = np.concatenate([[1.0] * ones + [0.0] * (4 - ones) for _, ones in points])
    return for_js, X, y


def random_points(rng):
    return [[float(10 ** rng.uniform(-1, 2.6)), int(rng.integers(0, 5))] for _ in range(rng.integers(1, 7))]


@pytest.mark.parametrize("name", ["mse", "bce"])
def test_one_weight_is_the_batch_of_hard_labels(math_js, name):
    rng = np.random.default_rng(6)
    loss = mseclf.LOSSES[name]
    for _ in range(30):
        for_js, X, y = groups(random_points(rng))
        theta = np.sort(rng.normal(size=(20, 1)) * 10 ** rng.uniform(-2, 0.5), axis=0)
        got = np.array(
            math_js(
                "(n, g, t) => [0, 1, 2].map((k) => t.map((v) => lib.oneWeight(n, g, v, k)))",
                name,
                for_js,
                theta[:, 0].tolist(),
            )
        )
        biggest = float(X.max())
        np.testing.assert_allclose(got[0], loss.batch_loss(theta, X, y), rtol=1e-13)
        np.testing.assert_allclose(got[1], loss.gradient_theta(theta, X, y)[:, 0], rtol=1e-11, atol=1e-14 * biggest)
        np.testing.assert_allclose(
            got[2], loss.hessian_theta(theta, X, y)[:, 0, 0], rtol=1e-11, atol=1e-14 * biggest**2
        )


def test_known_landscapes(math_js):
    two, *_ = groups([(1, 3), (20, 1)])
    found = math_js("(g) => lib.stationaryPoints('mse', g)", two)
    assert [(round(p["theta"], 4), p["minimum"]) for p in found] == [(-0.0506, True), (0.2917, False), (1.0986, True)]
    assert [p["value"] for p in found if p["minimum"]] == pytest.approx([0.11106, 15 / 64], abs=5e-6)
    three, *_ = groups([(0.5, 3), (10, 1), (200, 3)])
    minima = [p["theta"] for p in math_js("(g) => lib.stationaryPoints('mse', g)", three) if p["minimum"]]
    assert [round(t, 5) for t in minima] == [-0.10111, 0.00507, 2.19722]
    separable, *_ = groups([(1, 4), (20, 4)])
    assert math_js("(g) => lib.stationaryPoints('mse', g)", separable) == []


def test_stationary_points_are_where_the_package_sees_the_gradient_change_its_sign(math_js):
    rng = np.random.default_rng(7)
    several = 0
    for _ in range(40):
        for_js, X, y = groups(random_points(rng))
        for name in ("mse", "bce"):
            found = math_js("(n, g) => lib.stationaryPoints(n, g)", name, for_js)
            several += name == "mse" and sum(p["minimum"] for p in found) > 1
            if name == "bce":  # convex: the coarse grid of the explorer finds the same
                assert len(found) <= 1
                coarse = math_js("(g) => lib.stationaryPoints('bce', g, 1000, 60)", for_js)
                want = [p["theta"] for p in found]
                np.testing.assert_allclose([p["theta"] for p in coarse], want, rtol=1e-12, atol=1e-15)
            assert all(p["minimum"] != q["minimum"] for p, q in pairwise(found)), "they alternate"
            for point in found:
                near = point["theta"] + (1e-9 * abs(point["theta"]) + 1e-13) * np.array([-1, 1])
                before, after = mseclf.LOSSES[name].gradient_theta(near[:, np.newaxis], X, y)[:, 0]
                assert (before < 0 < after) if point["minimum"] else (before > 0 > after)
    assert several, "some of these landscapes must have more than one minimum, or this shows little"


def test_downhill(math_js):
    two, *_ = groups([(1, 3), (20, 1)])

    def goal(start):
        return math_js(
            "(g, s) => lib.downhill(lib.stationaryPoints('mse', g), lib.oneWeight('mse', g, s, 1), s)", two, start
        )

    assert [round(goal(s), 4) for s in (-3, 0.29, 0.294, 3)] == [-0.0506, -0.0506, 1.0986, 1.0986]
    assert math_js("() => lib.downhill([], -1, 0)") == np.inf
    assert math_js("() => lib.downhill([], 1, 0)") == -np.inf


@pytest.mark.parametrize(("n", "mse_separates"), [(10, True), (20, False)])
def test_the_trap(math_js, n, mse_separates):
    points = np.array([[0.1, 1.0], [0.1, -1.0], [-1.0, 11.0]])
    assert math_js("() => lib.TRAP") == points.tolist()
    X = np.repeat(points, [n, n, 1], axis=0)
    path = math_js(
        "(n) => lib.extend([], lib.gradientDescent((t) => lib.trapGradient('mse', n, t), [0, 0], 1), 10000)", n
    )
    want = mseclf.gradient_descent(lambda t: mseclf.mse_gradient_theta(t, X, np.ones(len(X))), [0.0, 0.0], 1.0, 1000)
    np.testing.assert_allclose(path[:1001], want.theta[:, 0], rtol=1e-7, atol=1e-9)
    assert math_js("lib.separates", path[-1]) is mse_separates
    assert mse_separates or round(float(points[2] @ path[-1]), 1) == -23.7


PLANE = np.array([-2.0, -1.2, -0.5, 0.3, 0.7, 1.4, 2.2]), np.array([0.0, 0, 1, 0, 1, 1, 1])


@pytest.mark.parametrize("name", ["mse", "bce"])
def test_the_plane_of_two_weights_is_the_packages_batch(math_js, name):
    x, y = PLANE
    assert math_js("() => lib.POINTS") == np.column_stack([x, y]).tolist()
    X = np.column_stack([x, np.ones_like(x)])
    theta = np.random.default_rng(8).uniform(-12, 12, size=(200, 2))
    loss = mseclf.LOSSES[name]
    got = math_js("(n, all) => all.map((t) => [lib.planeLoss(n, t), ...lib.planeGradient(n, t)])", name, theta.tolist())
    np.testing.assert_allclose(np.array(got)[:, 0], loss.batch_loss(theta, X, y), rtol=1e-13)
    np.testing.assert_allclose(np.array(got)[:, 1:], loss.gradient_theta(theta, X, y), rtol=1e-10, atol=1e-14)
    sides = np.sum((theta @ X.T > 0) != (y == 1), axis=1)
    assert math_js("(all) => all.map(lib.wrong)", theta.tolist()) == sides.tolist()


@pytest.mark.parametrize("name", ["mse", "bce"])
def test_the_lowest_point_of_the_map_is_the_lowest(math_js, name):
    """It is reached by going down from a place near by; a grid over the map and beyond finds nothing lower."""
    x, y = PLANE
    go = "(n) => lib.extend([], lib.gradientDescent((t) => lib.planeGradient(n, t), [1.5, 0.3], 2), 400).at(-1)"
    lowest = np.array(math_js(go, name))
    X = np.column_stack([x, np.ones_like(x)])
    assert np.abs(mseclf.LOSSES[name].gradient_theta(lowest, X, y)).max() < 1e-10
    side = np.linspace(-60, 60, 601)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    assert mseclf.LOSSES[name].batch_loss(lowest, X, y) <= mseclf.LOSSES[name].batch_loss(grid, X, y).min()


def test_contour_lines(math_js):
    """On a cone they are circles; each closed, none in pieces; where two hills meet there are two lines."""
    n = 41
    side = np.arange(n) - 20.0
    cone = np.hypot(*np.meshgrid(side, side))
    (ring,) = math_js("lib.contours", cone.ravel().tolist(), n, 10.5)
    assert ring[0] == ring[-1]
    np.testing.assert_allclose(np.hypot(*(np.array(ring) - 20).T), 10.5, atol=0.03)
    assert max(np.hypot(*np.diff(ring, axis=0).T)) < 1.5
    arcs = math_js("lib.contours", cone.ravel().tolist(), n, 22.5)
    assert len(arcs) == 4
    assert all({0, n - 1} & {*arc[0]} and {0, n - 1} & {*arc[-1]} for arc in arcs), "from edge to edge"
    assert math_js("lib.contours", cone.ravel().tolist(), n, 30) == []
    hills = math_js("lib.contours", [1, 0, 0, 1], 2, 0.4)
    assert sorted(map(len, hills)) == [2, 2]
