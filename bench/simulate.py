"""Home loan simulations in Python, beside `lintel bench simulate`: JSON of the loans on standard input, a JSON
list of rivals on standard output.

A simulation is two variants; each has a schedule in whole cents, the yearly rate that makes the flows of
the contract and every month worth nothing, the sum of all payments, and the same under the highest
index. The other costs of each month are given.
"""
import json
import sys
import time
from decimal import ROUND_HALF_UP, Decimal

import pyxirr
from scipy.optimize import brentq

SIMULATIONS = json.load(sys.stdin)
CENT = Decimal("0.01")
ROUNDS = 3


def schedule_floats(amount, steps):
    """Instalments in cents; (TAN, months) steps, the instalment worked out again at each."""
    owed, left, paid = round(amount * 100), sum(months for _, months in steps), []
    for tan, months in steps:
        rate = tan / 1200
        level = int(owed * rate / (1 - (1 + rate) ** -left) + 0.5)
        for _ in range(months):
            interest = int(owed * rate + 0.5)
            left -= 1
            payment = owed + interest if left == 0 else min(level, owed + interest)
            owed -= payment - interest
            paid.append(payment)
    return paid


def schedule_decimals(amount, steps):
    """The same with exact decimals, as a careful author would."""
    owed, left, paid = Decimal(str(amount)), sum(months for _, months in steps), []
    for tan, months in steps:
        rate = Decimal(str(tan)) / 1200
        level = (owed * rate / (1 - (1 + rate) ** -left)).quantize(CENT, ROUND_HALF_UP)
        for _ in range(months):
            interest = (owed * rate).quantize(CENT, ROUND_HALF_UP)
            left -= 1
            payment = owed + interest if left == 0 else min(level, owed + interest)
            owed -= payment - interest
            paid.append(int(payment * 100))
    return paid


def by_pyxirr(flows):
    return ((1 + pyxirr.irr(flows)) ** 12 - 1) * 100


def by_brentq(flows):
    def worth(monthly):
        factor, value, discount = 1 / (1 + monthly), 0.0, 1.0
        for flow in flows:
            value += flow * discount
            discount *= factor
        return value

    return ((1 + brentq(worth, -0.005, 0.05, xtol=1e-14)) ** 12 - 1) * 100


def variant(case, schedule, rate):
    amount, term = case["amount"], case["term"]
    answers = []
    for steps in (
        [(case["tan"], term)],
        [(case["tan"], case["reset"]), (case["highest"], term - case["reset"])],
    ):
        paid = schedule(amount, steps)
        out = [payment / 100 + other for payment, other in zip(paid, case["other"])]
        flows = [amount - case["upfront"]] + [-one for one in out]
        answers.append((rate(flows), case["upfront"] + sum(out)))
    return answers[0]


def rival(name, schedule, rate, cases):
    spans, worst_taeg, worst_mtic = [], 0.0, 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        answers = [[variant(case, schedule, rate) for case in both] for both in cases]
        spans.append((time.process_time() - start) / len(cases))
    for both, found in zip(cases, answers):
        for case, (taeg, mtic) in zip(both, found):
            worst_taeg = max(worst_taeg, abs(taeg - case["taeg"]))
            worst_mtic = max(worst_mtic, abs(mtic - case["mtic"]))
    spans.sort()
    return {"name": name, "ns": spans[ROUNDS // 2] * 1e9, "taeg": worst_taeg, "mtic": worst_mtic}


json.dump(
    [
        rival("Python floats and pyxirr.irr", schedule_floats, by_pyxirr, SIMULATIONS),
        rival("Python decimals and scipy.brentq", schedule_decimals, by_brentq, SIMULATIONS[:10]),
    ],
    sys.stdout,
)
