"""Worlds: numbers for the free symbols of a display, chosen to embarrass it.

Border points, zero, one, equal values for different symbols, negative and far ones; sizes that are pairwise different,
with one among them; free functions that are negative, concave, decreasing, oscillating, unbounded, or zero.
"""

import itertools
import random

import mpmath as mp

SIZES = ({"m": 3, "n": 2, "K": 4}, {"m": 2, "n": 3, "K": 5}, {"m": 1, "n": 4, "K": 3}, {"m": 4, "n": 1, "K": 2},
         {"m": 2, "n": 4, "K": 1}, {"m": 4, "n": 3, "K": 6})  # fmt: skip
TINY = "1e-40"
REAL = ["0", "1", "-1", "1/2", "-2", "2", "-1/3", "7/2", "-30", "45"]
FAR = ["123456", "-123456", "1e12", "-1e12", "1e45", "-1e45", TINY, "-" + TINY]
NEAR = ["90", "-90", TINY, "-" + TINY]
UNIT = ["1/2", "1/3", "1/4", "2/3", "9/10", "1/100", "99/100", TINY]
FUNCTIONS = {  # of any number of arguments; the last is the prediction
    "real": [
        lambda *a: mp.sin(3 * a[0] - 2 * a[-1] + 1) - a[-1],
        lambda *a: -((1 + a[-1]) ** 2) * (2 - a[0]),
        lambda *a: mp.exp(-2 * a[0] - a[-1]) - 5,
        lambda *a: 10**8 * (a[-1] - a[0] - mp.mpf(1) / 3),
        lambda *a: mp.mpf(0),
        lambda *a: a[-1] ** 3 + a[0],
        lambda *a: -a[0] * mp.log(a[-1]) - (1 - a[0]) * mp.log(1 - a[-1]),
    ],
    "nonnegative": [
        lambda *a: 1 + mp.sin(5 * a[-1]),
        lambda *a: a[-1] ** 2,
        lambda *a: mp.mpf(0),
        lambda *a: 10**4 * mp.exp(-3 * a[-1]),
        lambda *a: (a[-1] - mp.mpf(1) / 3) ** 2,
    ],
}


def number(text):
    """``-1/3`` or ``1e12`` as a number."""
    above, _, below = str(text).partition("/")
    return mp.mpf(above) / mp.mpf(below or 1)


def bounds(domain):
    """(low, open, high, open) of a domain of docs/notation.yml; None where there is no end."""
    if domain[0] in "([":
        low, high = (number(part.strip()) for part in domain[1:-1].split(","))
        return low, domain[0] == "(", high, domain[-1] == ")"
    return {"positive": (mp.mpf(0), True, None, True), "nonnegative": (mp.mpf(0), False, None, True)}.get(
        domain, (None, True, None, True)
    )


def inside(value, domain):
    """Whether a number lies in a domain."""
    low, low_open, high, high_open = bounds(domain)
    above = low is None or value > low or (value == low and not low_open)
    return above and (high is None or value < high or (value == high and not high_open))


def candidates(domain, far):
    """The numbers of a domain that are worth a try, the tamest first."""
    texts = [*REAL, *UNIT, *(FAR if far else NEAR)]
    found = [number(t) for t in texts] + [1 - number(TINY)]
    first = UNIT if domain[0] in "([" else REAL
    ordered = [number(t) for t in first] + found + [b for b in bounds(domain)[::2] if b is not None]
    return list(dict.fromkeys(v for v in ordered if inside(v, domain)))


class World:
    """Values that are drawn when they are asked for, and the same each time."""

    def __init__(self, place, far, sizes=None, tame=False):
        self.place, self.far, self.tame = place, far, tame
        self.sizes = dict(sizes or SIZES[place % len(SIZES)])
        self.values, self.domains = {}, {}
        self.at_root = False

    def draw(self, key, domain):
        """The number of a symbol; `key` is (symbol, sample, component)."""
        if key not in self.values:
            self.domains[key] = domain
            self.values[key] = self.fresh(key, domain)
        return self.values[key]

    def fresh(self, key, domain, turn=0):
        """A number of a domain: in every eighth world all symbols have the same place in their lists."""
        options = candidates(domain, self.far)
        if key[2] is not None:  # products of entries stay where sigma is not one, and squares where digits are left
            options = [v for v in options if abs(v) < (10**13 if self.far else 4)]
        if self.tame:
            options = [v for v in options if abs(v) in (0, 1) or (0.001 < abs(v) < 4 and abs(1 - v) > 0.001)]
        if self.place % 8 == 0:
            return options[(self.place // 8 + turn) % len(options)]
        rng = random.Random(f"{self.place} {key} {turn}")
        if rng.random() < 0.35:
            return self.anywhere(rng, domain)
        tame = 6 if self.place % 8 < 4 else len(options)
        return options[rng.randrange(min(tame, len(options)))]

    def anywhere(self, rng, domain):
        """A number without a meaning."""
        low, _, high, _ = bounds(domain)
        r = mp.mpf(rng.randint(1, 9998)) / 9999
        if low is not None and high is not None:
            return low + (high - low) * r
        return low + 4 * r if low is not None else (8 * r - 4)

    def vector(self, key, sample, size, domain):
        """Entries of a vector. A simplex has corners and a middle."""
        if domain != "simplex":
            return [self.draw((key, sample, c), domain) for c in range(1, size + 1)]
        if self.place % 3 == 0:
            parts = [mp.mpf(c == self.place % size) for c in range(size)]
        elif self.place % 3 == 1:
            parts = [mp.mpf(1)] * size
        else:
            rng = random.Random(f"{self.place} {key} {sample}")
            parts = [mp.mpf(rng.randint(1, 99)) for _ in range(size)]
        for c, part in enumerate(parts, 1):
            self.values.setdefault((key, sample, c), part / sum(parts))
        return [self.values[key, sample, c] for c in range(1, size + 1)]

    def function(self, domain):
        """A free function."""
        choice = FUNCTIONS["nonnegative" if domain == "nonnegative" else "real"]
        return choice[self.place % len(choice)]

    def with_value(self, key, value):
        """The same world with another number at one place, found as the root of something."""
        other = World(self.place, self.far, self.sizes)
        other.values, other.domains = {**self.values, key: value}, dict(self.domains)
        other.at_root = True
        return other

    def __str__(self):
        shown = (f"{''.join(map(str, filter(None, k)))} = {mp.nstr(v, 8)}" for k, v in self.values.items())
        return ", ".join([*itertools.islice(shown, 6), f"sizes {self.sizes}"])
