"""Python libraries on given loans: `rivals.py SECTION FILE`, JSON lines on standard output.

FILE holds little-endian doubles. Section `rates`, eleven to a loan: amount financed, note rate
(fraction a year), four levels of (count, payment), and the yearly rate to agree with. Section
`schedules`, three to a loan of 360 months: principal in cents, note rate in thousandths of a per cent,
level payment in cents.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"  # one core against one core

import importlib
import json
import sys
import time
import warnings
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy_financial
import pyxirr
from scipy.optimize import brentq, newton

warnings.filterwarnings("ignore")

SECTION, FILE = sys.argv[1:3]
TABLE = np.fromfile(FILE, dtype="<f8").reshape(-1, {"rates": 11, "schedules": 3}[SECTION])
ROUNDS = 3
RIVALS = []


def say(**fields):
    print(json.dumps(fields), flush=True)


def rival(section, name, items, needs=None, where=None, unit=1):
    """Keeps a function from row numbers to a function that is timed; package `needs` may be missing,
    answers are worth `unit` cents."""

    def keep(function):
        if section == SECTION:
            RIVALS.append((name, items, needs, where, unit, function))
        return function

    return keep


# --- rates -------------------------------------------------------------------------------------

if SECTION == "rates":
    AMOUNT, NOTE, REFERENCE = TABLE[:, 0], TABLE[:, 1], TABLE[:, 10]
    COUNTS, PAYMENTS = TABLE[:, 2:10:2], TABLE[:, 3:10:2]
    # Month at which each level ends, and the fall in the payment there (to zero after the last). An
    # empty level pays what the one before it paid, so that nothing falls before it.
    ENDS = np.cumsum(COUNTS, axis=1)
    HELD = PAYMENTS.copy()
    for column in range(1, 4):
        empty = COUNTS[:, column] == 0
        HELD[empty, column] = HELD[empty, column - 1]
    FALLS = HELD - np.concatenate([HELD[:, 1:], np.zeros((len(HELD), 1))], axis=1)
    LEVEL = np.flatnonzero((COUNTS[:, 1:] == 0).all(axis=1))


def flows(row):
    return np.concatenate([[-AMOUNT[row]], np.repeat(PAYMENTS[row], COUNTS[row].astype(int))])


def surplus(row):
    """Present value less amount, in closed form, as a function of the monthly rate."""
    first, amount = HELD[row, 0], AMOUNT[row]
    pairs = [(fall, end) for fall, end in zip(FALLS[row].tolist(), ENDS[row].tolist()) if fall]

    def value(rate):
        v = 1 / (1 + rate)
        return (first - sum(fall * v**end for fall, end in pairs)) / rate - amount

    return value


def columns(rows):
    """Amount, note, first payment, falls and ends of the three levels that this mix has."""
    parts = (AMOUNT, NOTE, HELD[:, 0], FALLS[:, [0, 1, 3]], ENDS[:, [0, 1, 3]])
    return [np.ascontiguousarray(part[rows].T) for part in parts]


@rival("rates", "numpy_financial.irr", 8)
def npf_irr(rows):
    cash = [flows(row) for row in rows]
    return lambda: [12 * numpy_financial.irr(one) for one in cash]


@rival("rates", "QuantLib yieldRate, leg built before", 500, needs="QuantLib")
def quantlib(rows):
    import QuantLib as ql

    today = ql.Date(1, 1, 2026)
    ql.Settings.instance().evaluationDate = today
    dates = [today + ql.Period(month, ql.Months) for month in range(361)]
    basis = ql.Thirty360(ql.Thirty360.BondBasis)

    def leg(row):
        cash = flows(row)[1:].tolist()
        return ql.Leg([ql.SimpleCashFlow(one, date) for one, date in zip(cash, dates[1:])])

    legs = [(leg(row), float(AMOUNT[row]), float(NOTE[row])) for row in rows]
    common = (basis, ql.Compounded, ql.Monthly, False, today, today, 1e-12, 1000)
    return lambda: [ql.CashFlows.yieldRate(one, amount, *common, note) for one, amount, note in legs]


@rival("rates", "pyxirr.irr, default guess", 1000)
def pyxirr_plain(rows):
    cash = [flows(row) for row in rows]
    return lambda: [12 * pyxirr.irr(one) for one in cash]


@rival("rates", "pyxirr.irr, guess = note rate", 4000)
def pyxirr_guess(rows):
    cash = [(flows(row), NOTE[row] / 12) for row in rows]
    return lambda: [12 * pyxirr.irr(one, guess=guess) for one, guess in cash]


@rival("rates", "scipy brentq, cash flows in NumPy", 500)
def brentq_terms(rows):
    cash = [(flows(row), np.arange(len(flows(row)))) for row in rows]

    def one(flow, months):
        return brentq(lambda i: float(np.dot(flow, (1 + i) ** -months)), 1e-6, 0.05, xtol=1e-13)

    return lambda: [12 * one(flow, months) for flow, months in cash]


@rival("rates", "scipy brentq, closed form", 2000)
def brentq_closed(rows):
    values = [surplus(row) for row in rows]
    return lambda: [12 * brentq(value, 1e-6, 0.05, xtol=1e-13) for value in values]


@rival("rates", "scipy newton (secant), closed form", 2000)
def newton_closed(rows):
    values = [(surplus(row), NOTE[row] / 12) for row in rows]
    return lambda: [12 * newton(value, guess, tol=1e-13) for value, guess in values]


@rival("rates", "scipy newton, all loans at once", 100_000)
def newton_arrays(rows):
    amount, note, first, falls, ends = columns(rows)

    def value(rate):
        return (first - (falls * (1 + rate) ** -ends).sum(axis=0)) / rate - amount

    return lambda: 12 * newton(value, note / 12, tol=1e-13)


@rival("rates", "numpy_financial.rate, one call (level loans only)", 50_000, where=lambda: LEVEL)
def npf_rate(rows):
    count, payment, amount, guess = COUNTS[rows, 0], PAYMENTS[rows, 0], AMOUNT[rows], NOTE[rows] / 12
    return lambda: 12 * numpy_financial.rate(count, -payment, amount, 0, guess=guess, tol=1e-12)


@rival("rates", "numba, closed form", 200_000, needs="numba")
def numba_newton(rows):
    import numba

    columns_of_loans = columns(rows)

    @numba.njit(fastmath=True)
    def solve(amount, note, first, falls, ends):
        out = np.empty(len(amount))
        for k in range(len(amount)):
            rate = note[k] / 12
            for _ in range(50):
                log, v = np.log1p(rate), 1 / (1 + rate)
                present, slope = first[k], 0.0
                for level in range(falls.shape[0]):
                    if falls[level, k] != 0:
                        term = falls[level, k] * np.exp(-ends[level, k] * log)
                        present -= term
                        slope += ends[level, k] * term
                present /= rate
                slope = (v * slope - present) / rate
                step = (present - amount[k]) * present / (amount[k] * slope)
                rate -= step
                if abs(step) < 1e-7:
                    break
            out[k] = 12 * rate
        return out

    solve(*(np.ascontiguousarray(part[..., :10]) for part in columns_of_loans))  # compiles
    return lambda: solve(*columns_of_loans)


@rival("rates", "NumPy by hand, all loans at once", 1_000_000)
def numpy_batch(rows):
    """The honest opponent: closed form, Newton on the reciprocal, chunks that fit the cache."""
    columns_of_loans = columns(rows)

    def solve(chunk=4096):
        out = np.empty(len(rows))
        for start in range(0, len(rows), chunk):
            part = slice(start, start + chunk)
            amount, note, first, falls, ends = (column[..., part] for column in columns_of_loans)
            rate = note / 12
            for _ in range(3):
                log, v = np.log1p(rate), 1 / (1 + rate)
                terms = [fall * np.exp(end * -log) for fall, end in zip(falls, ends)]
                present = (first - terms[0] - terms[1] - terms[2]) / rate
                slope = ends[0] * terms[0] + ends[1] * terms[1] + ends[2] * terms[2]
                slope = (v * slope - present) / rate
                rate = rate - (present - amount) * present / (amount * slope)
            out[part] = 12 * rate
        return out

    return solve


def compare_rates(rows, answers):
    off = np.abs(answers - REFERENCE[rows])
    return int(np.sum(off <= 1e-6)), float(np.max(off)) if np.isfinite(off).all() else None


# --- schedules ---------------------------------------------------------------------------------

MONTHS = 360
# Of a rate in thousandths of a per cent a year, a month's share of one is one in so many.
SHARES = 1_200_000

if SECTION == "schedules":
    LOAN, RATE, PAYMENT = (TABLE[:, k].astype(np.int64) for k in range(3))


@rival("schedules", "Python Decimal", 60, unit=100)
def decimals(rows):
    cent, twelve = Decimal("0.01"), Decimal(12)
    loans = [
        (Decimal(int(LOAN[k])) / 100, Decimal(int(RATE[k])) / 10**5, Decimal(int(PAYMENT[k])) / 100)
        for k in rows
    ]

    def one(balance, rate, payment):
        out = []
        for month in range(MONTHS):
            interest = (balance * rate / twelve).quantize(cent, ROUND_HALF_UP)
            part = balance if month == MONTHS - 1 else min(payment - interest, balance)
            balance -= part
            out.append((interest, part, balance))
        return out

    return lambda: [one(*loan) for loan in loans]


@rival("schedules", "Python int cents", 200)
def integers(rows):
    loans = [(int(LOAN[k]), int(RATE[k]), int(PAYMENT[k])) for k in rows]

    def one(balance, rate, payment):
        out = []
        for month in range(MONTHS):
            interest = (balance * rate + SHARES // 2) // SHARES
            part = balance if month == MONTHS - 1 else min(payment - interest, balance)
            balance -= part
            out.append((interest, part, balance))
        return out

    return lambda: [one(*loan) for loan in loans]


@rival("schedules", "numpy_financial ipmt and ppmt (not rounded)", 300, unit=100)
def npf_payments(rows):
    months = np.arange(1, MONTHS + 1)
    loans = [(int(RATE[k]) / SHARES, int(LOAN[k]) / 100) for k in rows]

    def one(rate, loan):
        interest = numpy_financial.ipmt(rate, months, MONTHS, -loan)
        part = numpy_financial.ppmt(rate, months, MONTHS, -loan)
        return np.stack([interest, part, loan - np.cumsum(part)], axis=1)

    return lambda: [one(*loan) for loan in loans]


def room(rows, dtype):
    """Where rows go, written once so that no timing pays for fresh pages of memory."""
    return np.ones((MONTHS, 3, len(rows)), dtype=dtype)


def side_by_side(rows, out):
    """Exact cents, month by month over all loans."""
    balance, rate, payment = LOAN[rows], RATE[rows], PAYMENT[rows]
    for month in range(MONTHS):
        interest = (balance * rate + SHARES // 2) // SHARES
        part = balance if month == MONTHS - 1 else np.minimum(payment - interest, balance)
        balance = balance - part
        out[month, 0], out[month, 1], out[month, 2] = interest, part, balance
    return out.transpose(2, 0, 1)


@rival("schedules", "NumPy int64, 2,048 loans at once", 2048)
def numpy_integers(rows):
    out = room(rows, np.int64)
    return lambda: side_by_side(rows, out)


@rival("schedules", "NumPy floats rounded, 2,048 loans at once", 2048, unit=100)
def numpy_floats(rows):
    loans, rates, payments = LOAN[rows] / 100, RATE[rows] / SHARES, PAYMENT[rows] / 100
    out = room(rows, float)

    def solve():
        balance = loans
        for month in range(MONTHS):
            interest = np.round(balance * rates, 2)
            part = balance if month == MONTHS - 1 else np.minimum(payments - interest, balance)
            balance = balance - part
            out[month, 0], out[month, 1], out[month, 2] = interest, part, balance
        return out.transpose(2, 0, 1)

    return solve


def compare_schedules(rows, cents):
    """Every row to the cent; floats may be off by a thousandth of one."""
    exact = side_by_side(rows, room(rows, np.int64))
    equal = (np.abs(cents - exact) < 1e-3).all(axis=(1, 2))
    interest = np.abs((cents - exact)[:, :, 0].sum(axis=1)) / 100
    return int(equal.sum()), 0.0 if equal.all() else float(interest.max())


# --- the run -----------------------------------------------------------------------------------


def main():
    compare = {"rates": compare_rates, "schedules": compare_schedules}[SECTION]
    for name, items, needs, where, unit, prepare in RIVALS:
        if needs:
            try:
                importlib.import_module(needs)
            except ImportError as error:
                say(absent=f"{name}: {error}")
                continue
        say(start=name)
        rows = (np.arange(len(TABLE)) if where is None else where())[:items]
        solve = prepare(rows)
        spans = []
        for _ in range(ROUNDS):
            begin = time.process_time()
            answers = solve()
            spans.append((time.process_time() - begin) / len(rows))
        agree, worst = compare(rows, np.asarray(answers, dtype=float) * unit)
        seconds = sorted(spans)[len(spans) // 2]
        say(name=name, ns=seconds * 1e9, items=len(rows), agree=agree, worst=worst)


main()
