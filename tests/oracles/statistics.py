"""Survival curves by scipy; percentiles, Laney's p' and moving averages by numpy; on random data."""

import json
import math
import pathlib
import random
import warnings

import numpy
import scipy.signal
import scipy.stats

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "crates/redress-causes/tests/data/statistics.json"
chance = random.Random(19580601)
# Once nothing is left the interval is undefined, which is what is written then.
warnings.filterwarnings("ignore", message="The confidence interval is undefined")


def survival():
    """Kaplan and Meier's curve, with the plain Greenwood interval."""
    observed = [(chance.randrange(1, 15), chance.random() < 0.6) for _ in range(chance.randrange(2, 40))]
    observed.append((chance.randrange(1, 15), True))
    ended = [time for time, is_end in observed if is_end]
    censored = [time for time, is_end in observed if not is_end]
    data = scipy.stats.CensoredData(uncensored=ended, right=censored)
    curve = scipy.stats.ecdf(data).sf
    interval = curve.confidence_interval(confidence_level=0.95, method="linear")
    steps = []
    for time, share, low, high in zip(
        curve.quantiles, curve.probabilities, interval.low.probabilities, interval.high.probabilities
    ):
        if time in ended:
            known = math.isfinite(low)
            steps.append([int(time), share, low if known else None, high if known else None])
    return {"observations": observed, "steps": steps}


def percentiles():
    values = [int(chance.expovariate(1e-6) ** chance.choice([1, 1.5])) for _ in range(chance.randrange(1, 300))]
    of = lambda percent: int(numpy.percentile(values, percent, method="inverted_cdf"))
    return {"values": values, "p50": of(50), "p90": of(90)}


def laney():
    sizes = [chance.randrange(200, 5000) for _ in range(chance.randrange(2, 40))]
    counts = [chance.randrange(0, size // 5) for size in sizes]
    share = numpy.array(counts) / numpy.array(sizes)
    mean = sum(counts) / sum(sizes)
    error = numpy.sqrt(mean * (1 - mean) / numpy.array(sizes))
    sigma_z = numpy.abs(numpy.diff((share - mean) / error)).mean() / 1.128
    return {
        "samples": list(zip(counts, sizes)),
        "centre": mean,
        "sigma_z": sigma_z,
        "upper": list(numpy.minimum(mean + 3 * error * sigma_z, 1)),
        "lower": list(numpy.maximum(mean - 3 * error * sigma_z, 0)),
    }


def moving_average():
    weight = chance.choice([0.1, 0.2, 0.4])
    values = [chance.gauss(10, 1) for _ in range(chance.randrange(1, 60))]
    averages, _ = scipy.signal.lfilter([weight], [1, weight - 1], values, zi=[(1 - weight) * 10])
    return {"weight": weight, "values": values, "averages": list(averages)}


cases = {name.__name__: [name() for _ in range(20)] for name in (survival, percentiles, laney, moving_average)}
OUT.write_text(json.dumps(cases, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
