"""The draws of a program, written again in Python with its unbounded integers: an independent reading of the comment at
the top of src/draws.ts. `python3 reference.py > reference.json` writes the values that the tests compare with."""

import json
import math
from statistics import NormalDist

MASK = 2**64 - 1
MAX = 2**53 - 1
GOLDEN = 0x9E3779B97F4A7C15
LN2 = round(math.log(2) * 2**32)
LOG = [round(math.log2(1 + i / 256) * 2**32) for i in range(257)]
POWER = [round(2 ** (i / 256) * 2**32) for i in range(257)]
NORMAL = [
    round(-NormalDist().inv_cdf(2.0 ** -(i // 32) * (1 - (i % 32) / 64) / 2) * 2**23 / math.log(2)) for i in range(1025)
]


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def word(state, n):
    return mix((state + (n + 1) * GOLDEN) & MASK)


def name(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return h


def task(seed, path):
    h = mix(seed)
    for proc, index in path:
        h = word(h ^ name(proc), index)
    return h


def stream(task_hash, stream_name):
    return mix(task_hash ^ name(stream_name))


def below(limit, w):
    return (w * limit) >> 64


def between(table, position):
    """`position` counts entries in 2^-32 units; 24 bits of the fraction are used."""
    i, part = position >> 32, (position & 0xFFFFFFFF) >> 8
    return table[i] + ((table[i + 1] - table[i]) * part >> 24) if part else table[i]


def fraction_after(w, zeros):
    return (w << (zeros + 1) & MASK) >> 32


def minus_log2(w):
    zeros = 64 - w.bit_length()
    return 64 << 32 if w == 0 else ((zeros + 1) << 32) - between(LOG, fraction_after(w, zeros) * 256)


def times(whole, fixed):
    return min(MAX, (whole * fixed + 2**31) >> 32)


def times_power_of_two(whole, exponent):
    octaves, fraction = exponent >> 32, exponent & 0xFFFFFFFF
    power = between(POWER, fraction * 256)
    if octaves >= 0:
        return times(whole << octaves, power)
    return (times(whole, power) + (1 << (-octaves - 1))) >> -octaves


def normal(w):
    zeros = min(64 - w.bit_length(), 31)
    size = between(NORMAL, ((zeros << 32) + (2**32 - 1 - fraction_after(w, zeros))) * 32) << 9
    return -size if w & 1 else size


def draw(d, w):
    kind = d["dist"]
    if kind == "constant":
        return d["value"]
    if kind == "uniform":
        return d["low"] + below(d["high"] - d["low"] + 1, w)
    if kind == "exponential":
        return times(d["mean"], times(LN2, minus_log2(w)))
    if kind == "erlang":
        mean = sum(minus_log2(word(w, i)) for i in range(d["k"])) // d["k"]
        return times(d["mean"], times(LN2, mean))
    if kind == "lognormal":
        y = normal(w) * d["sigmaPerMille"]
        return times_power_of_two(d["median"], y // 1000 if y >= 0 else -(-y // 1000))
    if kind == "pareto":
        return times_power_of_two(d["scale"], minus_log2(w) * 1000 // d["shapePerMille"])
    if kind == "twoPoint":
        return d["slow"] if below(1_000_000, w) < d["slowPerMillion"] else d["fast"]
    return d["values"][below(len(d["values"]), w)]


def hashed(numbers):
    """FNV-1a over the decimal texts, each followed by a comma: one number that stands for a long run of draws."""
    return f"{name(''.join(f'{n},' for n in numbers)):016x}"


DISTRIBUTIONS = [
    {"dist": "constant", "value": 7},
    {"dist": "uniform", "low": 3, "high": 12},
    {"dist": "uniform", "low": 0, "high": MAX},
    {"dist": "exponential", "mean": 3},
    {"dist": "exponential", "mean": 10_000_000},
    {"dist": "exponential", "mean": 2**52},
    {"dist": "erlang", "k": 4, "mean": 10_000_000},
    {"dist": "lognormal", "median": 3, "sigmaPerMille": 2000},
    {"dist": "lognormal", "median": 10_000_000, "sigmaPerMille": 500},
    {"dist": "lognormal", "median": 2**52, "sigmaPerMille": 1500},
    {"dist": "pareto", "scale": 1_000_000, "shapePerMille": 2500},
    {"dist": "pareto", "scale": 1, "shapePerMille": 100},
    {"dist": "twoPoint", "fast": 1_000_000, "slow": 50_000_000, "slowPerMillion": 10_000},
    {"dist": "table", "values": [1, 2, 3, 5, 8, 13]},
]


def main():
    h = stream(task(1, [("worker", 2), ("child", 0)]), "latency")
    hexes = lambda value: f"{value:016x}"
    print(json.dumps({
        "splitMix": [hexes(word(1234567, n)) for n in range(5)],
        "names": {text: hexes(name(text)) for text in ["", "worker", "größe", "名", "🙂"]},
        "root": {seed: hexes(task(seed, [])) for seed in [0, 1, 2**53 - 1]},
        "stream": hexes(h),
        "tables": {"log": hashed(LOG), "power": hashed(POWER), "normal": hashed(NORMAL)},
        "draws": [
            {"from": d, "first": [draw(d, word(h, n)) for n in range(4)], "hash": hashed(draw(d, word(h, n)) for n in range(20_000))}
            for d in DISTRIBUTIONS
        ],
    }, indent=1, ensure_ascii=False))


main()
