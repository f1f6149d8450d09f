"""Simulations: figures worked out again by somebody else, and what all requests have in common."""

import copy
import os
import re
import subprocess
import sys
import uuid

from lintel import REQUEST

HERE = os.path.dirname(os.path.abspath(__file__))

def request(**changed):
    asked = copy.deepcopy(REQUEST)
    asked.update(changed)
    return asked


def matrix():
    """Variable, fixed and mixed, with and without utilisation, cross-selling and a second borrower."""
    second = copy.deepcopy(REQUEST["borrowers"][0])
    second |= {"borrowerTypeId": 2, "keyBorrowerRelationId": 1, "name": "João Exemplo (fictício)", "nif": "245000008",
               "birthDate": "1986-07-01", "monthlyNetIncome": 1800.5, "otherMonthlyInstalments": 0}
    del second["nif"]
    cases = []
    for kind, index, months in ((2, 3, 360), (2, 4, 240), (2, 5, 372), (1, 110, 120), (3, 75, 360), (3, 92, 300)):
        for utilisation in (None, 12):
            for crossed in (True, False):
                case = request(indexTypeSubCategoryId=kind, indexTypeId=index, loanDurationMonths=months,
                               hasCrossSelling=crossed, loanAmount=150000.55)
                if utilisation:
                    case |= {"utilizationPeriodMonths": utilisation}
                if crossed:
                    case["borrowers"].append(second)
                cases.append(case)
    cases.append(request(insurances={"life": {"external": True, "monthlyPremium": 21.4},
                                     "multiRisk": {"external": True, "monthlyPremium": 9.99}}))
    return cases


def simulations(checks, partner):
    """Validated, made, and worked out again by somebody else."""
    answers, refused = [], 0
    before = partner.get("/simulations").json["totalRecords"]
    for case in matrix():
        tried = partner.post("/simulations/validate", case)
        what = f"{case['indexTypeSubCategoryId']}/{case['indexTypeId']}/{case.get('utilizationPeriodMonths')}"
        if tried.status != 200:
            # What the bank does not lend is said alike by both.
            made = partner.post("/simulations", case)
            checks.same(f"{what}: refused alike", tried.without_correlation(), made.without_correlation())
            checks.same(f"{what}: refused by a finding", 400, tried.status)
            refused += 1
            continue
        made = partner.post("/simulations", case)
        checks.same(f"{what}: made", 201, made.status)
        checks.same(f"{what}: the same figures", tried.json["loan"], made.json["loan"])
        for member in ("limits", "taxes", "bankCharges", "insurances"):
            checks.same(f"{what}: the same {member}", tried.json[member], made.json[member])
        read = partner.get(f"/simulations/{made.json['simulationUniqueID']}")
        checks.same(f"{what}: read as made", made.json, read.json)
        answers.append(read.body)
    checks.true("most are lent", refused <= len(matrix()) // 3, f"{refused} refused")
    made = partner.get("/simulations").json["totalRecords"] - before
    checks.same("validating keeps nothing", len(answers), made)
    done = subprocess.run([sys.executable, os.path.join(HERE, "recompute.py")],
                          input=b"[" + b",".join(answers) + b"]", capture_output=True, timeout=120, check=False)
    told = (done.stdout + done.stderr).decode()
    figures = sum(int(n) for n in re.findall(r"(\d+) figures compared", told))
    checks.same("recomputed: no difference", 0, done.returncode)
    checks.true("recomputed", figures > 1000 * len(answers), told[-1500:])
    if done.returncode:
        print(told[-3000:], flush=True)
    print(f"  {len(answers)} simulations, {figures} figures worked out again", flush=True)


def commons(checks, partner):
    """Tags, conditions, idempotency keys, merge-patch, languages, correlation."""
    made = partner.post("/simulations", REQUEST, x_correlation_id="story-commons")
    path = f"/simulations/{made.json['simulationUniqueID']}"
    checks.same("correlation", "story-commons", made.headers["x-correlation-id"])
    tag = partner.get(path).headers["etag"]
    checks.same("known already", 304, partner.get(path, If_None_Match=tag).status)
    change = {"loanAmount": 170000, "insurances": None, "branchId": None}
    changed = partner.patch(path, change, If_Match=tag)
    checks.same("changed", (200, 170000), (changed.status, changed.json["loan"]["loanAmount"]))
    checks.same("null clears", None, changed.json["branchID"])
    checks.true("the rest stays", changed.json["property"]["acquisitionAmount"] == 225000)
    checks.same("stale", 412, partner.patch(path, {"loanAmount": 160000}, If_Match=tag).status)
    checks.same("stale: nothing happened", 170000, partner.get(path).json["loan"]["loanAmount"])
    needed = partner.patch(path, {"loanAmount": None})
    checks.same("null of what is needed", (400, ["loanAmount"]),
                (needed.status, [e["field"] for e in needed.errors] if needed.status == 400 else None))
    key = str(uuid.uuid4())
    once = partner.post("/simulations", REQUEST, Idempotency_Key=key)
    again = partner.post("/simulations", REQUEST, Idempotency_Key=key)
    checks.same("same key", (201, once.body, "true"),
                (again.status, again.body, again.headers.get("idempotency-replayed")))
    other = partner.post("/simulations", request(loanAmount=90000), Idempotency_Key=key)
    checks.same("same key, other body", 422, other.status)
    bad = request(loanAmount=-1, loanDurationMonths=0, productPurposeId=999)
    bad["borrowers"][0] |= {"nif": "123456780", "birthDate": "2030-01-01"}
    told = partner.post("/simulations", bad, Accept_Language="en")
    fields = [e["field"] for e in told.errors]
    checks.true("all findings at once", told.status == 400 and {
        "productPurposeId", "loanAmount", "loanDurationMonths", "borrowers[0].nif", "borrowers[0].birthDate",
    } <= set(fields), str(fields))
    checks.true("six digits", all(re.fullmatch(r"\d{6}", e["code"]) for e in told.errors))
    registry = {e["code"] for e in partner.get("/taxonomies/errorCodes").json}
    checks.same("codes are in the registry", set(), {e["code"] for e in told.errors} - registry)
    checks.same("type", "application/problem+json", told.headers["content-type"])
    checks.same("no JSON", 400, partner.post("/simulations", b"{").status)
    checks.same("not JSON", 415, partner.send("POST", "/simulations", b"a=b", {"Content-Type": "text/plain"}).status)
    checks.same("cancelled", 200, partner.delete(path).status)
    checks.same("cancelled twice is once", 200, partner.delete(path).status)
    checks.same("no change of a cancelled one", 409, partner.patch(path, {"loanAmount": 1e5}).status)
    checks.same("no sheet of a cancelled one", 409, partner.get(f"{path}/esis").status)
