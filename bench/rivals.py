"""APR solves by Python libraries on given loans: `rivals.py FILE`, JSON lines on standard output.

FILE holds little-endian doubles, eleven to a loan: amount financed, note rate (fraction a year), four
levels of (count, payment), and the APR to agree with (fraction a year).
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # one core against one core

import json
import sys
import time
import warnings

import numpy as np
import numpy_financial
import pyxirr
from scipy.optimize import brentq, newton

warnings.filterwarnings("ignore")

LOANS = np.fromfile(sys.argv[1], dtype="<f8").reshape(-1, 11)
AMOUNT, NOTE, REFERENCE = LOANS[:, 0], LOANS[:, 1], LOANS[:, 10]
COUNTS, PAYMENTS = LOANS[:, 2:10:2], LOANS[:, 3:10:2]
# Month at which each level ends, and the fall in the payment there (to zero after the last).
ENDS = np.cumsum(COUNTS, axis=1)
HELD = np.where(COUNTS > 0, PAYMENTS, 0.0)
FALLS = HELD - np.concatenate([HELD[:, 1:], np.zeros((len(HELD), 1))], axis=1)
ROUNDS = 3
RIVALS = []


def say(**fields):
    print(json.dumps(fields), flush=True)


def rival(name, loans):
    def keep(function):
        RIVALS.append((name, min(loans, len(LOANS)), function))
        return function

    return keep


def flows(row):
    return np.concatenate([[-AMOUNT[row]], np.repeat(PAYMENTS[row], COUNTS[row].astype(int))])


def surplus(row):
    """Present value less amount, in closed form, as a function of the monthly rate."""
    first, falls, ends, amount = HELD[row, 0], FALLS[row].tolist(), ENDS[row].tolist(), AMOUNT[row]
    pairs = list(zip(falls, ends))

    def value(rate):
        v = 1 / (1 + rate)
        return (first - sum(fall * v**end for fall, end in pairs)) / rate - amount

    return value


@rival("numpy_financial.irr", 8)
def npf_irr(rows):
    cash = [flows(row) for row in rows]
    return lambda: [12 * numpy_financial.irr(cash[k]) for k in range(len(cash))]


@rival("pyxirr.irr, default guess", 1000)
def pyxirr_plain(rows):
    cash = [flows(row) for row in rows]
    return lambda: [12 * pyxirr.irr(one) for one in cash]


@rival("pyxirr.irr, guess = note rate", 4000)
def pyxirr_guess(rows):
    cash = [(flows(row), NOTE[row] / 12) for row in rows]
    return lambda: [12 * pyxirr.irr(one, guess=guess) for one, guess in cash]


@rival("scipy brentq, 360 terms in NumPy", 500)
def brentq_terms(rows):
    cash = [(flows(row), np.arange(len(flows(row)))) for row in rows]

    def one(flow, months):
        return brentq(lambda i: float(np.dot(flow, (1 + i) ** -months)), 1e-6, 0.05, xtol=1e-13)

    return lambda: [12 * one(flow, months) for flow, months in cash]


@rival("scipy brentq, closed form", 2000)
def brentq_closed(rows):
    values = [surplus(row) for row in rows]
    return lambda: [12 * brentq(value, 1e-6, 0.05, xtol=1e-13) for value in values]


@rival("scipy newton (secant), closed form", 2000)
def newton_closed(rows):
    values = [(surplus(row), NOTE[row] / 12) for row in rows]
    return lambda: [12 * newton(value, guess, tol=1e-13) for value, guess in values]


@rival("NumPy by hand, all loans at once", 1_000_000)
def numpy_batch(rows):
    """The honest opponent: closed form, Newton on the reciprocal, chunks that fit the cache."""
    columns = [np.ascontiguousarray(part[rows]) for part in (AMOUNT, NOTE, HELD[:, 0], FALLS, ENDS)]

    def solve(chunk=4096):
        out = np.empty(len(rows))
        for start in range(0, len(rows), chunk):
            part = slice(start, start + chunk)
            amount, note, first, falls, ends = (column[part] for column in columns)
            rate = note / 12
            falls, ends = falls.T.copy(), ends.T.copy()
            for _ in range(3):
                log, v = np.log1p(rate), 1 / (1 + rate)
                terms = falls * np.exp(-ends * log)
                present = (first - terms.sum(axis=0)) / rate
                slope = (v * (ends * terms).sum(axis=0) - present) / rate
                rate = rate - (present - amount) * present / (amount * slope)
            out[part] = 12 * rate
        return out

    return solve


def main():
    for name, loans, prepare in RIVALS:
        say(start=name)
        rows = np.arange(loans)
        solve = prepare(rows)
        spans = []
        for _ in range(ROUNDS):
            begin = time.process_time()
            answers = solve()
            spans.append((time.process_time() - begin) / loans)
        off = np.abs(np.asarray(answers, dtype=float) - REFERENCE[rows])
        agreeing = int(np.sum(off <= 1e-6))
        worst = float(np.max(off)) if np.isfinite(off).all() else None
        seconds = sorted(spans)[len(spans) // 2]
        say(name=name, ns=seconds * 1e9, loans=loans, agree=agreeing, worst=worst)


main()
