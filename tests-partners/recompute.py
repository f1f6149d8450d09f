#!/usr/bin/env python3
"""Works out a simulation of the Partners Portal API again and tells every figure that differs.

    recompute.py [ANSWER.json ...] [--offer offer.toml]

Each file (or standard input) is the answer to POST /simulations, /simulations/validate or GET /simulations/{id},
or a JSON list of such answers. The bank's tariffs and charges are read from its offer document, by default
the demo bank's. Nothing of Lintel's code is used: decimals of fifty digits, whole cents where money is
paid, a bisection for the yearly rate, and the figures of law written down here from their sources.
Exit status 1 when anything differs, 2 when an answer cannot be read.
"""
import argparse
import json
import sys
import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

getcontext().prec = 50
D = Decimal
CENT = D("0.01")
DEMO = Path(__file__).resolve().parent.parent / "data" / "demo_bank" / "offer.toml"

# Law and supervisor: Tabela Geral do Imposto do Selo 1.1 and 17; Código do IMT article 17; DL 48-A/2024; the
# Recommendation of Banco de Portugal (limits of 2022-04-01, shocks of 2023-10-16).
FEE_DUTY = D("4")
FEES_WITH_DUTY = {1, 2, 3, 4, 7, 11, 12, 13}  # bankChargeTypes that are fees of the lender
OUT_OF_TAEG = {14, 15, 16, 17, 18, 19}
# limits of the bands of own permanent homes, and the end of the 8 % band of other housing
IMT = {
    2023: ((97064, 132774, 181034, 301688, 603289, 1050400), 578598),
    2024: ((101917, 139412, 190086, 316772, 633453, 1102920), 607528),
    2025: ((104261, 142618, 194458, 324058, 648022, 1128287), 621501),
    2026: ((106346, 145470, 198347, 330539, 660982, 1150853), 633931),
}
LTV = {"own": D(90), "other": D(80), "bank": D(100)}


def cents(value):
    return value.quantize(CENT, ROUND_HALF_UP)


def whole(value):
    return value.quantize(D(1), ROUND_HALF_UP)


class Differences:
    def __init__(self):
        self.lines = []
        self.checked = 0

    def same(self, what, theirs, ours, within=D(0)):
        self.checked += 1
        if theirs is None and ours is None:
            return
        if theirs is None or ours is None:
            self.lines.append(f"{what}: answer {theirs}, recomputed {ours}")
        elif isinstance(ours, (Decimal, int)) and not isinstance(ours, bool):
            if abs(D(theirs) - D(ours)) > within:
                self.lines.append(f"{what}: answer {theirs}, recomputed {ours}")
        elif theirs != ours:
            self.lines.append(f"{what}: answer {theirs}, recomputed {ours}")


def annuity(owed, tan, months):
    rate = tan / 1200
    if rate == 0:
        return owed / months
    return owed * rate / (1 - (1 + rate) ** -months)


def schedule(amount, steps, idle):
    """(interest, capital, owed afterwards) of every month; steps are (months, TAN), the first `idle` months pay
    interest only, and the instalment is worked out again wherever the rate changes."""
    term, owed, rows, number = sum(n for n, _ in steps), amount, [], 0
    level = before = None
    for months, tan in steps:
        if tan != before:
            level, before = None, tan
        for _ in range(months):
            number += 1
            interest = cents(owed * tan / 1200)
            if number <= idle:
                capital = min(D(0), interest) * -1
            elif number == term:
                capital = owed
            else:
                if level is None:
                    level = max(D(0), cents(annuity(owed, tan, term - number + 1))) if owed else D(0)
                capital = min(level - interest, owed)
            owed -= capital
            rows.append((interest, capital, owed))
    return rows


def yearly_rate(flows):
    """Percent a year at which monthly flows, the first at the contract, are worth nothing."""

    def worth(x):
        monthly = (1 + x) ** (D(1) / 12)
        value, factor = D(0), 1 / monthly
        for flow in reversed(flows):
            value = value * factor + flow
        return value

    low, high = D("-0.9"), D(10)
    getcontext().prec = 28
    try:
        below = worth(low) > 0
        for _ in range(70):
            middle = (low + high) / 2
            if (worth(middle) > 0) == below:
                low = middle
            else:
                high = middle
        return (low + high) / 2 * 100
    finally:
        getcontext().prec = 50


def age_on(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_after(day, months):
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    for last in (31, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("no such day")


class Case:
    """An answer and the bank's document, as far as the recomputation needs them."""

    def __init__(self, answer, offer):
        self.answer, self.offer, self.loan = answer, offer, answer["loan"]
        loan = self.loan
        self.amount = D(loan["loanAmount"])
        self.term = loan["loanDurationMonths"]
        self.idle = loan["utilizationPeriodMonths"]
        self.kind = {1: "fixed", 2: "variable", 3: "mixed"}[loan["indexTypeSubCategoryID"]]
        self.own = loan["productPurposeID"] == 2
        self.day = date.fromisoformat(loan["calculationDate"])
        self.scheme = next(s for s in offer["scheme"] if s["id"] == loan["productSchemeID"])
        held = answer["property"]
        price, value = held.get("acquisitionAmount"), held.get("estimatedValue")
        self.buys = loan["loanPurposeID"] in (1, 4, 7)
        self.price = D(price) if self.buys else None
        self.value = D(value) if value is not None else self.price
        self.base = min(self.price, self.value) if self.buys else self.value
        self.plot = held.get("propertyTypologyID") == 20 or loan["loanPurposeID"] == 7
        self.people = answer["borrowers"]

    # ---- rates

    def base_rates(self):
        """(fixed rate, spread) of the grids before discounts."""
        ltv = self.amount / self.base * 100

        def of(grid):
            for row in grid:
                if (
                    ltv <= D(row.get("up_to_ltv_percent", "1000"))
                    and self.amount >= D(row.get("from_amount", "0"))
                    and self.term <= row.get("up_to_months", 9999)
                ):
                    return D(row["percent"])
            return None

        if self.kind == "fixed":
            return of(self.scheme["fixed"]), None
        if self.kind == "variable":
            return None, of(self.scheme["variable"]["spreads"])
        months = self.loan["fixedPeriodMonths"]
        mixed = next(m for m in self.scheme["mixed"] if m["fixed_months"] == months)
        return of(mixed["rates"]), of(mixed["spreads"])

    def held(self, code):
        products = self.loan["crossSellingProducts"]
        return any(p["code"] == code and p["isHeld"] for p in products)

    def discount(self):
        total = sum((D(d["percent"]) for d in self.scheme.get("discounts", []) if self.held(d["product"])), D(0))
        most = self.scheme.get("max_discount_percent")
        return min(total, D(most)) if most is not None else total

    def rates(self, bundled):
        """TAN at the contract, spread, TAN of the variable phase, steps of the TAEG, steps if the index rises."""
        fixed, spread = self.base_rates()
        less = self.discount() if bundled else D(0)
        fixed = fixed - less if fixed is not None else None
        spread = spread - less if spread is not None else None
        if self.kind == "fixed":
            return fixed, None, None, [(self.term, fixed)], None
        index = D(self.loan["index"]["rate"])
        highest = D(self.loan["index"]["highestRate"])
        variable = index + spread
        if self.kind == "variable":
            first = min(self.loan["index"]["resetMonths"], self.term)
            risen = [(first, variable), (self.term - first, max(variable, highest + spread))]
            return variable, spread, variable, [(self.term, variable)], [s for s in risen if s[0]]
        first = self.loan["fixedPeriodMonths"]
        after = max(fixed, variable)
        steps = [(first, fixed), (self.term - first, after)]
        return fixed, spread, variable, steps, [(first, fixed), (self.term - first, max(after, highest + spread))]

    # ---- costs

    def charges(self, bundled):
        """(amount with duty, timing, counts) of every charge that is paid."""
        purposes = {1: "purchase", 2: "construction", 3: "works", 4: "purchase_and_works", 5: "transfer",
                    6: "transfer_with_reinforcement", 7: "land"}
        kinds = {"file_fee": 1, "valuation": 2, "formalisation_fee": 3, "monthly_processing_fee": 4,
                 "mortgage_registration": 5, "broker_fee": 6, "other_credit_fee": 7, "payment_protection": 10,
                 "account_fee": 11, "card_fee": 12, "package_fee": 13, "notary": 16, "transfer_registration": 17}
        for charge in self.offer.get("charge", []):
            if charge.get("schemes") and self.scheme["code"] not in charge["schemes"]:
                continue
            if charge.get("loan_purposes") and purposes[self.loan["loanPurposeID"]] not in charge["loan_purposes"]:
                continue
            if charge["required_for"] == "bundle" and not bundled:
                continue
            if "amount" in charge:
                amount = D(charge["amount"])
            else:
                amount = cents(self.amount * D(charge["percent_of_credit"]) / 100)
                amount = max(amount, D(charge.get("min_amount", "0")))
                amount = min(amount, D(charge.get("max_amount", "1000000000")))
            kind = kinds[charge["kind"]]
            duty = cents(amount * FEE_DUTY / 100) if kind in FEES_WITH_DUTY else D(0)
            counts = kind not in OUT_OF_TAEG
            if kind in (10, 11, 12, 13):
                counts = charge["required_for"] != "voluntary"
            yield amount + duty, charge["timing"], counts

    def external(self, kind):
        for line in self.answer["insurances"]:
            if line["insuranceType"] == kind and line["external"]:
                return D(line["monthlyAmountWithoutCrossSelling"])
        return None

    def insured(self, tariff, bundled):
        """Percent of the premium that is paid; none when there is no insurance in the variant."""
        product = tariff.get("product")
        offered = product is not None and self.held(product)
        if not tariff.get("required") and not (bundled and offered):
            return None
        less = D(tariff.get("bundled_discount_percent", "0")) if bundled and offered else D(0)
        return 100 - less

    def life(self, bundled, rows):
        """All persons' premium of each month."""
        outside = self.external("life")
        tariff = self.offer["life"]
        if outside is not None:
            return [outside if tariff.get("required") else D(0)] * self.term
        kept = self.insured(tariff, bundled)
        premiums = [D(0)] * self.term
        if kept is None:
            return premiums
        for person in self.people:
            born = date.fromisoformat(person["birthDate"])
            for year in range((self.term + 11) // 12):
                age = age_on(born, months_after(self.day, 12 * year))
                rate = next(r for r in tariff["rates"] if age <= r.get("up_to_age", 999))
                rate = (D(rate["per_mille"]) / 10 * kept / 100).quantize(D("1e-9"), ROUND_HALF_UP)
                owed = self.amount if year == 0 else rows[12 * year - 1][2]
                capital = owed if tariff["on"] == "capital_owed" else self.amount
                premium = cents(capital * rate / 1200)
                for month in range(12 * year, min(12 * year + 12, self.term)):
                    premiums[month] += premium
        return premiums

    def home(self, bundled):
        outside = self.external("multiRisk")
        tariff = self.offer["multi_risk"]
        if outside is not None:
            return outside if tariff.get("required") and not self.plot else D(0)
        kept = self.insured(tariff, bundled)
        if kept is None or self.plot:
            return D(0)
        insured = cents(self.value * D(tariff["rebuilding_percent"]) / 100)
        yearly = cents(insured * D(tariff["per_mille"]) / 1000)
        yearly = max(yearly, D(tariff.get("min_yearly", "0")))
        return cents(cents(yearly / 12) * kept / 100)

    def credit_duty(self):
        # Article 7(1) of the code: what is owed to another bank is taken over without duty on its use. A loan with a
        # reinforcement (6) does not say how much that is; all of it is taxed.
        if self.loan["loanPurposeID"] == 5:
            return D(0)
        if self.term >= 60:
            rate = D("0.6")
        elif self.term >= 12:
            rate = D("0.5")
        else:
            rate = D("0.04") * self.term
        return cents(self.amount * rate / 100)

    def paid(self, bundled, steps):
        """Upfront costs, rows (interest, capital, other costs, owed), stamp duty on interest."""
        rows = schedule(self.amount, steps, self.idle)
        upfront, duty = self.credit_duty(), D(0)
        other = [a + self.home(bundled) for a in self.life(bundled, rows)]
        for amount, timing, counts in self.charges(bundled):
            if not counts:
                continue
            if timing != "monthly":
                upfront += amount
            for month in range(1, self.term + 1):
                if timing == "monthly" or (timing == "yearly" and month % 12 == 0 and month < self.term):
                    other[month - 1] += amount
        full = []
        for (interest, capital, owed), cost in zip(rows, other):
            on_interest = D(0) if self.own or interest < 0 else cents(interest * FEE_DUTY / 100)
            duty += on_interest
            full.append((interest, capital, cost + on_interest, owed))
        return upfront, full, duty

    def taeg(self, upfront, rows):
        flows = [self.amount - upfront] + [-(i + c + o) for i, c, o, _ in rows]
        return yearly_rate(flows)


def check_variant(case, variant, bundled, found, name):
    tan, spread, variable, steps, risen = case.rates(bundled)
    found.same(f"{name}.tan", variant["tan"], tan)
    found.same(f"{name}.spread", variant["spread"], spread)
    found.same(f"{name}.variableTan", variant["variableTan"], variable)
    upfront, rows, duty = case.paid(bundled, steps)
    found.same(f"{name}.upfrontCosts", variant["upfrontCosts"], upfront)
    table = variant["repaymentTable"]
    found.same(f"{name}.repaymentTable rows", len(table), case.term + 1)
    contract = (upfront, D(0), D(0), upfront, case.amount)
    expected = [contract] + [(i + c + o, i, c, o, owed) for i, c, o, owed in rows]
    names = ("payment", "interest", "capital", "otherCosts", "remainingCapital")
    for number, (theirs, ours) in enumerate(zip(table, expected)):
        found.same(f"{name}.repaymentTable[{number}].month", theirs["month"], number)
        for key, value in zip(names, ours):
            found.same(f"{name}.repaymentTable[{number}].{key}", theirs[key], value)
    mtic = sum(payment for payment, *_ in expected)
    found.same(f"{name}.mtic", variant["mtic"], mtic)
    found.same(f"{name}.mtic against its table", variant["mtic"], sum(D(row["payment"]) for row in table))
    found.same(f"{name}.totalCost", variant["totalCost"], mtic - case.amount)
    found.same(f"{name}.totalInterest", variant["totalInterest"], sum(i for i, *_ in rows))
    found.same(f"{name}.creditStampDuty", variant["creditStampDuty"], case.credit_duty())
    found.same(f"{name}.interestStampDuty", variant["interestStampDuty"], duty)
    for cost in variant["costs"]:
        if cost["bankChargeTypeID"] == 22:
            first = cents(max(D(0), rows[0][0]) * FEE_DUTY / 100)
            found.same(f"{name}.costs stamp duty of the first month", cost["amount"], first)
            found.same(f"{name}.costs stamp duty on interest", cost["totalOverTerm"], duty)
    for phase in variant["phases"]:
        assumed = case.kind == "mixed" and phase["isIndexed"] and variable < tan
        found.same(f"{name}.phases[{phase['firstMonth']}].isAssumed", phase["isAssumed"], assumed)
    costs = sum(D(cost["totalOverTerm"]) for cost in variant["costs"])
    found.same(f"{name}.costs against totalCost", costs + D(variant["totalInterest"]), D(variant["totalCost"]))
    pays = [i + c for i, c, _, _ in rows]
    found.same(f"{name}.monthlyInstallment", variant["monthlyInstallment"], pays[case.idle])
    found.same(f"{name}.lastInstallment", variant["lastInstallment"], pays[-1])
    found.same(f"{name}.highestInstallment", variant["highestInstallment"], max(pays[:-1] or pays))
    idle = max(pays[: case.idle]) if case.idle else None
    found.same(f"{name}.utilizationInstallment", variant["utilizationInstallment"], idle)
    rate = case.taeg(upfront, rows)
    found.same(f"{name}.taegUnrounded", variant["taegUnrounded"], rate, D("2e-8"))
    found.same(f"{name}.taeg", variant["taeg"], rate.quantize(D("0.1"), ROUND_HALF_UP))
    if case.kind == "mixed":
        first = case.loan["fixedPeriodMonths"]
        today = schedule(case.amount, [(first, tan), (case.term - first, variable)], case.idle)
        from_there = [i + c for number, (i, c, _) in enumerate(today, 1) if number > max(first, case.idle)]
        found.same(f"{name}.variableInstallment", variant["variableInstallment"], from_there[0])
    if risen is None:
        found.same(f"{name}.illustrativeTaeg", variant["illustrativeTaeg"], None)
        return
    told = variant["illustrativeTaeg"]
    upfront, rows, _ = case.paid(bundled, risen)
    found.same(f"{name}.illustrativeTaeg.taegUnrounded", told["taegUnrounded"], case.taeg(upfront, rows), D("2e-8"))
    found.same(f"{name}.illustrativeTaeg.tan", told["tan"], risen[-1][1])
    highest = max(i + c for i, c, _, _ in rows[:-1])
    found.same(f"{name}.illustrativeTaeg.highestInstallment", told["highestInstallment"], highest)


def check_limits(case, found):
    limits = case.answer["limits"]
    bundled = case.loan["hasCrossSelling"] and case.loan["withCrossSelling"] is not None
    tan, _, variable, _, _ = case.rates(bundled)
    use = "bank" if case.scheme.get("held_by_bank") else "own" if case.own else "other"
    ltv = case.amount / case.base * 100
    told = limits["loanToValue"]
    found.same("limits.loanToValue.value", told["value"], ltv, D("1e-8"))
    found.same("limits.loanToValue.limit", told["limit"], LTV[use])
    if told["outcome"] != "withinGuarantee":
        found.same("limits.loanToValue.outcome", told["outcome"], "within" if ltv <= LTV[use] else "exceeded")
    shock = D("0.5") if case.term <= 60 else D(1) if case.term <= 120 else D("1.5")
    shock = D(0) if case.kind == "fixed" else shock
    repaying = case.term - case.idle
    if case.kind == "mixed":
        first = case.loan["fixedPeriodMonths"]
        rows = schedule(case.amount, [(first, tan), (case.term - first, variable + shock)], case.idle)
        pays = [i + c for i, c, _ in rows]
        stressed = max(pays[case.idle], pays[max(first, case.idle)])
    else:
        stressed = cents(annuity(case.amount, tan + shock, repaying))
    told, income, other, ages = limits["debtServiceToIncome"], D(0), D(0), []
    for person in case.people:
        born = date.fromisoformat(person["birthDate"])
        ages.append(age_on(born, case.day))
        at_end = age_on(born, months_after(case.day, case.term))
        own = D(person["monthlyNetIncome"])
        if at_end > 70 and not person.get("retired"):
            own = (own * D("0.8")).quantize(CENT, "ROUND_DOWN")
        income += own
        other += D(person.get("otherMonthlyInstalments") or 0)
    found.same("limits.debtServiceToIncome.rateShock", told["rateShock"], shock)
    found.same("limits.debtServiceToIncome.stressedInstallment", told["stressedInstallment"], stressed)
    found.same("limits.debtServiceToIncome.countedIncome", told["countedIncome"], income)
    dsti = (stressed + other) / income * 100
    found.same("limits.debtServiceToIncome.value", told["value"], dsti, D("1e-8"))
    found.same("limits.debtServiceToIncome.limit", told["limit"], D(50))
    found.same("limits.debtServiceToIncome.outcome", told["outcome"], "within" if dsti <= 50 else "exceeded")
    told, oldest = limits["maturity"], max(ages)
    most = 480 if oldest <= 30 else 444 if oldest <= 35 else 420
    found.same("limits.maturity.oldestBorrowerAge", told["oldestBorrowerAge"], oldest)
    found.same("limits.maturity.limit", told["limit"], most)
    found.same("limits.maturity.value", told["value"], case.term)
    found.same("limits.maturity.outcome", told["outcome"], "within" if case.term <= most else "exceeded")


def imt(value, year, own, islands):
    ends, other_end = IMT[year]
    ends = list(ends)
    if not own:
        ends[4] = other_end
    ends = [whole(D(end) * D("1.25")) if islands else D(end) for end in ends]
    if value > ends[5]:
        return cents(value * D("7.5") / 100)
    if value > ends[4]:
        return cents(value * 6 / 100)
    tax, before = D(0), D(0)
    for end, rate in zip(ends[:5], (0 if own else 1, 2, 5, 7, 8)):
        tax += max(D(0), min(value, end) - before) * rate / 100
        before = end
    return cents(tax)


def check_taxes(case, found):
    taxes = case.answer["taxes"]
    found.same("taxes.creditStampDuty", taxes["creditStampDuty"], case.credit_duty())
    told = taxes["purchase"]
    if not case.buys:
        found.same("taxes.purchase", told, None)
        return
    if case.day.year not in IMT:
        return
    value, islands = case.price, case.answer["property"].get("districtID") in (30, 40)
    if case.answer["property"].get("districtID") is None:
        islands = (case.answer["property"].get("countyID") or 0) >= 3000
    ordinary = cents(value * D("6.5") / 100) if case.plot else imt(value, case.day.year, case.own, islands)
    duty = cents(value * D("0.8") / 100)
    found.same("taxes.purchase.imt.ordinaryAmount", told["imt"]["ordinaryAmount"], ordinary)
    found.same("taxes.purchase.stampDuty.ordinaryAmount", told["stampDuty"]["ordinaryAmount"], duty)
    ends = IMT[case.day.year][0]
    free, part = [whole(D(e) * D("1.25")) if islands else D(e) for e in (ends[3], ends[4])]

    def young(person):
        return (
            age_on(date.fromisoformat(person["birthDate"]), case.day) <= 35
            and person.get("firstOwnHome") is not False
            and not person.get("taxDependent")
            and not person.get("ownsHousing")
        )

    have = sum(map(young, case.people))
    relief = case.own and not case.plot and value <= part and have > 0 and case.day >= date(2024, 8, 1)
    found.same("taxes.purchase.youngBuyers.applies", told["youngBuyers"]["applies"], relief)
    due_imt, due_duty = ordinary, duty
    if relief:
        above = max(D(0), value - free)
        # The share of the buyers with the relief, in percent of nine digits, saves the difference.
        share = (D(have) / len(case.people) * 100).quantize(D("1e-9"), ROUND_HALF_UP)
        due_imt = ordinary - cents((ordinary - cents(above * 8 / 100)) * share / 100)
        due_duty = duty - cents((duty - cents(above * D("0.8") / 100)) * share / 100)
    found.same("taxes.purchase.imt.dueAmount", told["imt"]["dueAmount"], due_imt)
    found.same("taxes.purchase.stampDuty.dueAmount", told["stampDuty"]["dueAmount"], due_duty)


def check(answer, offer):
    found, case = Differences(), Case(answer, offer)
    check_variant(case, case.loan["withoutCrossSelling"], False, found, "withoutCrossSelling")
    bundled = case.loan["withCrossSelling"]
    found.same("withCrossSelling is there", bundled is not None, case.discount() > 0)
    if bundled is not None:
        check_variant(case, bundled, True, found, "withCrossSelling")
    check_limits(case, found)
    check_taxes(case, found)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", nargs="*", help="files; standard input when there is none")
    parser.add_argument("--offer", type=Path, default=DEMO, help="the bank's offer document")
    options = parser.parse_args()
    offer = tomllib.loads(options.offer.read_text(encoding="utf-8"))
    wrong = 0
    for name in options.answers or ["-"]:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        # Numbers are read digit by digit: a float would hide a wrong last one.
        read = json.loads(text, parse_float=D)
        for place, answer in enumerate(read if isinstance(read, list) else [read]):
            try:
                found = check(answer, offer)
            except (KeyError, TypeError, ValueError, StopIteration) as error:
                print(f"{name}[{place}]: cannot be recomputed: {error!r}", file=sys.stderr)
                return 2
            for line in found.lines[:50]:
                print(f"{name}[{place}]: {line}")
            wrong += len(found.lines)
            print(f"{name}[{place}]: {found.checked} figures compared, {len(found.lines)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
