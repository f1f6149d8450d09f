"""The work of a rate card in Python, as JSON lines: `ratecard.py` prints a line for each way.

Inputs are seeded and of the same shape as those of `lintel bench pricing` (not the same numbers): 41,000
ZIP codes with a loan each, an adjustment and a fee by state and size, payment to the cent, mortgage
insurance to 78 % of the value, and the annual percentage rate. No rule is evaluated here, no eligibility
judged: this is less than what Lintel does, by somebody who knows NumPy. Times are CPU time of the process.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # one core against one core

import json
import math
import time

import numpy as np
import pyxirr

ZIPS, STATES, ROUNDS = 41_000, 51, 3
DRAW = np.random.default_rng(1)
LOAN = np.round(np.exp(11.6 + 1.9 * DRAW.random(ZIPS)), -2)
STATE = DRAW.integers(0, STATES, ZIPS)
FEE = (900 + np.round(DRAW.random(STATES) * 2600))[STATE]
BY_SIZE = np.where(LOAN < 150e3, 0.375, np.where(LOAN < 250e3, 0.125, 0))
ADJUSTMENT = -np.round(DRAW.random(STATES) * 250)[STATE] / 1000 - BY_SIZE
# Every eighth product of forty, three purposes, every third rate of nine.
BLOCKS = [(k, u, r) for k in range(0, 40, 8) for u in range(3) for r in range(0, 9, 3)]


def block(product, purpose, step):
    """Months, monthly rate, payment and insurance for one dollar, months of insurance, base price."""
    months = [360, 360, 360, 240, 180][product % 5]
    ltv = [0.80, 0.95, 0.90, 0.75, 0.97][(product // 5) % 5]
    rate = (0.055 + 0.00125 * (product % 9 + step)) / 12
    factor = rate / (1 - (1 + rate) ** -months)
    insurance = (0.006 if ltv > 0.8 else 0) / 12
    mark, whole = 0.78 / ltv, factor / rate
    ends = math.ceil(math.log((whole - mark) / (whole - 1)) / math.log1p(rate)) if insurance else months
    price = 98.4 + 0.42 * step - [0.2, 0.8, 1.5][purpose]
    return months, rate, factor, insurance, min(months, max(1, ends)), price


def by_numpy(product, purpose, step):
    """All ZIP codes at once: three Newton steps on the closed form, answers as a card stores them."""
    months, start, factor, insurance, ends, base = block(product, purpose, step)
    payment, premium = np.rint(LOAN * (100 * factor)), np.rint(LOAN * (100 * insurance))
    price = base + ADJUSTMENT
    points = np.rint(LOAN * (100 - price))
    amount = LOAN * 100 - points - FEE * 100
    rate = np.full(ZIPS, start)
    for _ in range(3):
        log = np.log1p(rate)
        last = payment * np.exp(-months * log)
        total, slope = payment + premium - last, months * last
        if insurance:
            cut = premium * np.exp(-ends * log)
            total, slope = total - cut, slope + ends * cut
        value = total / rate
        change = (slope / (1 + rate) - value) / rate
        rate = rate - (value - amount) * value / (amount * change)
    whole = (payment + premium).astype(np.uint32)
    return np.rint(rate * 12e9).astype(np.uint32), whole, points.astype(np.int32), np.rint(price * 1000).astype(np.int32)


def by_rows(product, purpose, step, rows):
    """One row after another with the fastest of the rate solvers for Python, started at the note rate."""
    months, start, factor, insurance, ends, base = block(product, purpose, step)
    for row in range(rows):
        loan = float(LOAN[row])
        payment, premium = round(loan * factor, 2), round(loan * insurance, 2)
        points = round(loan * (100 - base - float(ADJUSTMENT[row])) / 100, 2)
        amount = loan - points - float(FEE[row])
        flows = np.array([-amount] + [payment + premium] * ends + [payment] * (months - ends))
        12 * pyxirr.irr(flows, guess=start)


def timed(name, rows, work):
    spans = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        spans.append(time.process_time() - begin)
    seconds = sorted(spans)[ROUNDS // 2]
    print(json.dumps({"name": name, "ns": seconds * 1e9 / rows, "rows": rows}), flush=True)


timed("NumPy, 41,000 ZIP codes at a time", ZIPS * len(BLOCKS), lambda: [by_numpy(*one) for one in BLOCKS])
timed("pyxirr row by row, guess = note rate", 20 * len(BLOCKS), lambda: [by_rows(*one, 20) for one in BLOCKS])
