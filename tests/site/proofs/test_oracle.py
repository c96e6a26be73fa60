"""The oracle itself tells true from false: on one display of each kind of hole, and on its true neighbour."""

import pytest
from oracle import judge

CASES = [
    (r"|z+30| = z+30", r"|z+30| = |30+z|"),
    (r"z^2 \le 2 \iff |z| \le 1", r"z^2 \le 1 \iff |z| \le 1"),
    (r"x^\top\theta \le \lVert x\rVert^2\lVert\theta\rVert^2", r"x^\top\theta \le \lVert x\rVert\,\lVert\theta\rVert"),
    (r"\hat y = \sigma(z)+10^{-50}", r"\hat y = \sigma(z)"),
    (r"e^{\log(z+30)} = z+30", r"e^{\log(z^2+30)} = z^2+30"),
    (r"\frac{w-40}{w-40} = 1", r"\frac{w^2+40}{w^2+40} = 1"),
    (r"\frac{1}{z} > 0 \iff z > 0", r"\frac{1}{a} > 0 \iff a > 0"),
    (r"\hat y^{(i)} = \hat y^{(1)}", r"\hat y^{(i)} = \sigma(z^{(i)})"),
    (r"m+n = 5", r"m+n = n+m"),
    (r"\frac{\partial p_k}{\partial z_l} = -p_kp_l", r"\frac{\partial p_k}{\partial z_l} = p_k(\delta_{kl}-p_l)"),
    (r"\sup_p(-p\log p-(1-p)\log(1-p)) = 0", r"\sup_p(-p\log p-(1-p)\log(1-p)) = \log 2"),
    (r"\max_z\hat y = 1", r"\sup_z\hat y = 1"),
    (r"\left|2-\frac{1}{a}\right| = 2-\frac{1}{a}", r"\left|2+\frac{1}{a}\right| = 2+\frac{1}{a}"),
    (r"(w-\frac{355}{113})^2 > 0", r"(w-\frac{355}{113})^2 \ge 0"),
    (r"\lim_{w\to\infty}\frac{cw}{w+1} = 1", r"\lim_{w\to\infty}\frac{cw}{w+1} = c"),
    (r"cw = c \iff w = 1", r"aw = a \iff w = 1"),
    (r"\frac{\partial}{\partial w}|w| = \mathrm{sign}(w)", r"\frac{\partial}{\partial w}(w|w|) = 2|w|"),
    (r"w = \begin{cases}0 & w = 7a \\ w & w \ne 7a\end{cases}",
     r"w = \begin{cases}7a & w = 7a \\ w & w \ne 7a\end{cases}"),
    (r"\left.\frac{\partial L_{\mathrm{BCE}}}{\partial z}\right|_{z=0} = \hat y-y",
     r"\left.\frac{\partial L_{\mathrm{BCE}}}{\partial z}\right|_{z=0} = \frac{1}{2}-y"),
    (r"L \ge 0", r"L^2 \ge 0"),
    (r"\omega(p) > 0", r"\omega(p) \ge 0"),
    (r"\frac{\partial^2L}{\partial z^2} = \frac{\partial^2L}{\partial\hat y^2}\,\sigma'(z)^2",
     r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial\hat y}\,\sigma'(z)"),
    (r"\mathbb{E}[(Y-p)^2] = (q-p)^2", r"\mathbb{E}[(Y-p)^2] = (q-p)^2+q(1-q)"),
    (r"\log(3) = 1.0986", r"\log(3) \approx 1.0986"),
    (r"\int_0^1\frac{1}{u}\,du-\int_0^1\frac{1}{u}\,du = 0", r"\int_0^1 u\,du = \frac{1}{2}"),
    (r"\int_{-1}^{1}\frac{1}{u^2}\,du = -2", r"\int_1^2\frac{1}{u^2}\,du = \frac{1}{2}"),
    (r"M_1M_2 = M_2M_1", r"(M_1M_2)^\top = M_2^\top M_1^\top"),
    (r"\mathrm{softmax}(-\vec z) = 1-\vec p", r"\sum_{k=1}^{K}p_k = 1"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "right"), CASES)
def test_a_falsehood_and_its_true_neighbour(wrong, right):
    assert judge(wrong) not in ("true", "vacuous")
    assert judge(right) == "true"


@pytest.mark.parametrize(
    ("given", "tex", "verdict"),
    [
        ([r"\theta_1 = 0"], r"\sigma(\theta^\top x) = \frac{1}{2}", "false"),
        ([r"\theta = 0"], r"\sigma(\theta^\top x) = \frac{1}{2}", "true"),
        (["y = 1"], r"L_{\mathrm{BCE}} = -\log(\hat y)", "true"),
        (["y = 0"], r"L_{\mathrm{BCE}} = -\log(\hat y)", "false"),
        (["w > 1", "w < 0"], "w = 5", "vacuous"),
        ([r"y = \sigma(z)"], r"\frac{\partial L_{\mathrm{BCE}}}{\partial z} = -z\,\sigma'(z)", "false"),
        ([r"y = \sigma(z)"], r"\frac{\partial L_{\mathrm{BCE}}}{\partial z} = 0", "true"),
    ],
)
def test_hypotheses(given, tex, verdict):
    assert judge(tex, given).startswith(verdict)
