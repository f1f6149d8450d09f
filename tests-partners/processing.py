"""A process: opened, filled in gap by gap, handed to the bank, decided there, and accepted."""

import base64
import json

from lintel import PDF, Person
from sheets import sheet_reads, sheets

IN_CREATION, SUBMITTED, IN_ANALYSIS, PENDING, APPROVED, DECLINED, CONTRACTED, CANCELLED = range(1, 9)
# What a process wants to know of a borrower beyond a simulation, and of a property.
BORROWER = {
    "genderId": 1, "nationalityId": 620, "identificationDocumentId": 1, "identificationNumber": "00000000",
    "identificationValidity": "2035-01-01", "maritalStatusId": 1, "residenceTypeId": 3,
    "residenceSince": "2015-01-01", "residenceCountryId": 620, "residenceDistrictId": 11, "residenceCountyId": 1106,
    "residenceAddress": "Rua do Exemplo, 2", "residenceZipCode": "1000", "residenceZipCodeLocal": "002",
    "employmentSituationId": 1, "professionId": 25, "employmentContractTypeId": 1,
    "employmentDepartmentPositionId": 4, "employer": "Empresa Exemplo, Lda. (fictícia)",
    "employedSince": "2018-01-01", "dataConsent": True, "creditBureauConsent": True,
}
PROPERTY = {"grossBuiltArea": 95.5, "yearBuilt": 1998}

def paper(kind, **more):
    return {"documentTypeID": kind, "documentTitle": "Documento de exemplo", "fileName": "exemplo.pdf",
            "documentContent": base64.b64encode(PDF).decode()} | more


def gaps(answer):
    """Every gap of a refused submission: code, field, who, which paper."""
    return {(e["code"], e["field"], e.get("uniqueID"), e.get("documentTypeID")) for e in answer.errors}


def closed(checks, partner, process, what, left, gone):
    """What is missing after a step: all that was, without `gone`."""
    answer = partner.post(f"{process}/submit")
    checks.same(f"still missing something after {what}", 400, answer.status)
    now = gaps(answer) if answer.status == 400 else set()
    checks.same(f"{what}: nothing else changed", set(), now - left)
    checks.true(f"{what}: closed", all(name not in {field for _, field, _, _ in now} for name in gone), str(gone))
    return now


def process_begins(checks, partner, simulation):
    answer = partner.post("/processes", {"simulationUniqueId": simulation})
    checks.same("process made", (201, IN_CREATION), (answer.status, answer.json.get("processStatusID")))
    again = partner.post("/processes", {"simulationUniqueID": simulation})
    checks.same("one process of a simulation", (200, answer.json), (again.status, again.json))
    seen = partner.get(f"/simulations/{simulation}").json
    checks.same("the simulation is in process", (2, answer.json["processUniqueID"]),
                (seen["simulationStatusID"], seen["processUniqueID"]))
    checks.same("a copy", seen["loan"], answer.json["loan"])
    return f"/processes/{answer.json['processUniqueID']}"


def process_filled(checks, server, partner, process):
    """Submitted with gaps; each is closed by itself until none is left."""
    # The sheet of the simulation counts until figures change; a change of the terms takes it away.
    changed = partner.put(process, {"loanAmount": 175000})
    checks.same("terms changed", (200, None), (changed.status, changed.json["esisDate"]))
    first = partner.post(f"{process}/submit")
    checks.same("gaps", 400, first.status)
    left = gaps(first)
    fields = {field for _, field, _, _ in left}
    checks.same("every fact of a borrower is asked for",
                {f"borrowers[0].{name}" for name in BORROWER} - {
                    f"borrowers[0].{n}" for n in ("professionId", "employmentContractTypeId", "employer", "employedSince",
                                                  "employmentDepartmentPositionId")},
                {field for field in fields if field.startswith("borrowers[")})
    people = partner.get(f"{process}/borrowers").json["borrowers"]
    checks.same("one borrower", (1, True), (len(people), people[0]["isKeyBorrower"]))
    borrower = f"{process}/borrowers/{people[0]['borrowerUniqueID']}"
    checks.same("the key borrower stays", 409, partner.delete(borrower).status)
    checks.same("all are about that borrower", {people[0]["borrowerUniqueID"]},
                {who for _, field, who, _ in left if field.startswith("borrowers[")})
    # The situation opens gaps of its own (employer, payslips): it goes first.
    checks.same("employed", 200, partner.put(borrower, {"employmentSituationId": 1}).status)
    left = gaps(partner.post(f"{process}/submit"))
    checks.true("an employer is wanted now", "borrowers[0].employer" in {f for _, f, _, _ in left})
    for name, value in BORROWER.items():
        if name == "employmentSituationId":
            continue
        answer = partner.put(borrower, {name: value})
        checks.same(f"given: {name}", 200, answer.status)
        left = closed(checks, partner, process, name, left, [f"borrowers[0].{name}"])
    home = partner.get(f"{process}/properties")
    place = f"{process}/properties/{home.json['propertyUniqueID']}"
    for name, value in PROPERTY.items():
        tag = partner.get(f"{process}/properties").headers.get("etag")
        checks.same(f"given: {name}", 200, partner.put(place, {name: value}, If_Match=tag).status)
        checks.same(f"{name}: stale", 412, partner.put(place, {name: value}, If_Match='"0"').status)
        left = closed(checks, partner, process, name, left, [f"property.{name}", name])
    sheets(checks, server, partner, process, "processo@example.com")
    left = closed(checks, partner, process, "the sheet", left, ["esis", "esisDate"])
    papers = sorted((kind, who or "") for _, _, who, kind in left if kind)
    checks.same("only papers are left", len(left), len(papers))
    for kind, who in papers:
        more = {"borrowerUniqueId": who} if who else {}
        made = partner.post(f"{process}/documents", paper(kind, **more))
        checks.same(f"filed: {kind}", 201, made.status)
        read = partner.get(f"{process}/documents/{made.json['documentUniqueID']}").json
        checks.same(f"read: {kind}", PDF, base64.b64decode(read["content"]))
        if (kind, who) != papers[-1]:
            now = gaps(partner.post(f"{process}/submit"))
            checks.same(f"closed: paper {kind}", 1, len(left) - len(now))
            left = now
    fake = partner.post(f"{process}/documents", paper(99, documentContent=base64.b64encode(b"MZ\x90\x00").decode()))
    checks.same("no PDF, JPEG or PNG", 400, fake.status)


def process_submitted(checks, partner, process):
    done = partner.post(f"{process}/submit", x_correlation_id="story-submit")
    checks.same("submitted", (200, SUBMITTED), (done.status, done.json.get("processStatusID")))
    again = partner.post(f"{process}/submit")
    checks.same("submitted twice is once", (200, done.json), (again.status, again.json))
    for what, answer in (("terms", partner.put(process, {"loanAmount": 1})),
                         ("papers", partner.post(f"{process}/documents", paper(99))),
                         ("borrowers", partner.post(f"{process}/borrowers", {"borrowerTypeId": 2}))):
        checks.same(f"{what} stand still", 409, answer.status)
    wrote = partner.post(f"{process}/messages", {"subject": "Prazo", "text": "Quando decidem?"})
    checks.same("a message", 201, wrote.status)


def staff(server, role):
    return Person(server, next(address for name, address, *_ in server.bank["staff"] if name == role)).sign_in()


def looked_at(checks, partner, process, status):
    """How the partner sees the process, and the requests for information that are open."""
    one = partner.get(process).json
    checks.same("the partner sees it", status, one["processStatusID"])
    return one, [r for r in one["informationRequests"] if r["state"] == "open"]


def desk_asks(checks, partner, analyst, process):
    """Somebody at the bank takes the process on, writes, and asks for a paper and in words."""
    page = f"/bank{process}"
    analyst.visit("/bank/processes")
    checks.true("in the queue", any(link.endswith(process) for link in analyst.links()), str(analyst.links()))
    checks.same("its page", 200, analyst.visit(page).status)
    checks.true("with the borrower", "Maria Exemplo" in analyst.words, analyst.words[:400])
    papers = [link for link in analyst.links() if f"{process}/documents/" in link]
    checks.true("with its papers", papers, str(analyst.links()))
    if papers:
        checks.same("a paper's bytes", PDF, analyst.ask("GET", papers[0]).body)
    checks.same("taken on", 200, analyst.fill(f"{process}/take").status)
    looked_at(checks, partner, process, IN_ANALYSIS)
    analyst.visit(page)
    analyst.fill(f"{process}/messages", subject="Bom dia", text="Recebemos o seu processo.")
    thread = partner.get(f"{process}/messages").json
    checks.true("the partner reads it", "Recebemos o seu processo." in json.dumps(thread, ensure_ascii=False), str(thread))
    analyst.visit(page)
    analyst.fill(f"{process}/ask", document_type="13", question="Declaração recente, por favor.")
    one, asked = looked_at(checks, partner, process, PENDING)
    checks.same("asked for", [13], [r["documentTypeID"] for r in asked])
    early = partner.post(f"{process}/submit")
    checks.same("not without the paper", 400, early.status)
    return one


def partner_answers(checks, partner, process):
    other = partner.post(f"{process}/documents", paper(99))
    checks.same("another paper", 201, other.status)
    looked_at(checks, partner, process, PENDING)
    filed = partner.post(f"{process}/documents", paper(13))
    checks.same("the paper that was asked for", 201, filed.status)
    _, asked = looked_at(checks, partner, process, IN_ANALYSIS)
    checks.same("nothing is asked any more", [], asked)


def desk_approves(checks, partner, server, process):
    """Two people decide: one prepares, the other confirms; then there is a proposal."""
    page = f"/bank{process}"
    chief, decider, analyst = staff(server, "Admin"), staff(server, "Underwriter"), staff(server, "Processor")
    analyst.visit(page)
    checks.true("an analyst does not decide", not any(f["action"].endswith("/approve") for f in analyst.forms()))
    chief.visit("/bank/settings")
    boxes = chief.form("/bank/settings")["choices"]
    checks.same("one setting", ["four_eyes"], sorted(boxes))
    chief.fill("/bank/settings", four_eyes=boxes["four_eyes"][0] or "on")
    decider.visit(page)
    conditions = "Seguro de vida em vigor na data do contrato."
    shown = decider.fill(f"{process}/approve", conditions=conditions, step="look")
    checks.true("what the terms come to", shown.status == 200 and "What these terms come to" in decider.text)
    decider.fill(f"{process}/approve", step="issue")
    looked_at(checks, partner, process, IN_ANALYSIS)
    decider.visit(page)
    own = [f for f in decider.forms() if f["action"].endswith("/confirm")]
    if own:
        decider.fill("/confirm")
    looked_at(checks, partner, process, IN_ANALYSIS)
    checks.same("no proposal by one alone", 0, partner.get("/proposals").json["totalRecords"])
    chief.visit(page)
    chief.fill("/confirm")
    one, _ = looked_at(checks, partner, process, APPROVED)
    listed = partner.get("/proposals").json
    checks.same("one proposal", 1, listed["totalRecords"])
    proposal = listed["proposals"][0]
    checks.same("of the process", one["processUniqueID"], proposal["processUniqueID"])
    checks.same("issued", 1, proposal["proposalStatusID"])
    path = f"/proposals/{proposal['proposalUniqueID']}"
    whole = partner.get(path)
    checks.same("in full", 200, whole.status)
    checks.true("its conditions", "Seguro de vida" in whole.body.decode(), whole.body[-300:])
    checks.same("its figures", one["loan"]["loanAmount"], whole.json["loan"]["loanAmount"])
    fine, again = partner.get(f"{path}/esis"), partner.get(f"{path}/esis")
    checks.same("its sheet", (200, fine.body), (fine.status, again.body))
    sheet_reads(checks, "proposal", base64.b64decode(fine.json["esis"]))
    letter = partner.get(f"{path}/letter")
    checks.true("its letter", base64.b64decode(letter.json["letter"]).startswith(b"%PDF-"))
    chief.visit(page)
    return path
