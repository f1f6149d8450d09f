"""Nobody else's business: another broker's ids answer exactly as ids nobody has."""

import json
import re
import uuid

from lintel import REQUEST, another_bank, settled
from processing import paper

def unknown():
    """An id of the right shape that nobody has."""
    return "01900000-0000-7000-8000-" + uuid.uuid4().hex[:12]


def bodies(simulation):
    """What gets each operation past its reading, so that only the id is wrong."""
    return {
        "ProcessCreate": {"simulationUniqueId": simulation}, "SimulationUpdate": {"loanAmount": 100000},
        "SimulationMessageCreate": {"subject": "x", "text": "y"}, "ProcessMessageCreate": {"subject": "x", "text": "y"},
        "ProcessUpdate": {"loanAmount": 100000}, "BorrowerCreate": {"borrowerTypeId": 2, "name": "Exemplo"},
        "BorrowerUpdate": {"dependents": 2}, "DocumentCreate": paper(99), "DocumentUpdate": paper(99),
        "PropertyUpdate": {"floor": "1"}, "ProposalCancel": {"cancelReasonId": 1},
    }


def callback_body(name, url, simulation):
    if name.endswith("CallbackUpdate"):
        return {"callbackUrl": url}
    if name.endswith("CallbackEcho"):
        data = {"notificationTypeID": 1, "occurredAt": "2026-01-01T00:00:00Z", "simulationUniqueID": simulation,
                "simulationNumber": 1, "previousSimulationStatusID": None, "simulationStatusID": 1}
        return {"notificationTypeID": 1, "simulationUniqueId": simulation, "rawBody": data}
    return {}


def strangers(checks, what, other, ids, url):
    """Another broker's ids on every operation: 404, byte for byte as for ids nobody has."""
    described = other.get("/openapi.json").json["paths"]
    seen = 0
    for path, item in described.items():
        for method in ("get", "put", "post", "patch", "delete"):
            names = [n for n in re.findall(r"\{(\w+)\}", path) if n in ids]
            name = item.get(method, {}).get("operationId")
            if name is None or not (names or name == "ProcessCreate"):
                continue

            def ask(known):
                filled = re.sub(r"\{(\w+)\}", lambda m: str(known.get(m[1], 1)), path)
                body = bodies(known["simulationUniqueId"]).get(name)
                if body is None:
                    body = callback_body(name, url, known["simulationUniqueId"])
                if "sendAddress" in str(item[method].get("parameters")):
                    filled += "?sendAddress=x@example.com"
                if "cancelReasonId" in str(item[method].get("parameters")):
                    filled += "?cancelReasonId=1"
                sends = body if "requestBody" in item[method] else None
                answer = other.send(method.upper(), filled, sends)
                status, text = answer.without_correlation()
                for value in known.values():
                    text = text.replace(str(value).encode(), b"ID")
                return status, text

            foreign, nobodys = ask(ids), ask({key: unknown() for key in ids})
            checks.same(f"{what}, {name}: another's is as unknown", nobodys, foreign)
            checks.same(f"{what}, {name}: 404", 404, foreign[0])
            seen += 1
    checks.true("every operation with ids", seen >= 40, str(seen))
    for listed, cursor in (("/simulations", ids["simulationUniqueId"]), ("/processes", ids["processUniqueId"]),
                           ("/proposals", ids["proposalUniqueId"])):
        mine = other.get(f"{listed}?nextRecord={cursor}").without_correlation()
        checks.same(f"{listed}: another's as cursor", other.get(f"{listed}?nextRecord={unknown()}").without_correlation(),
                    mine)
    for path, member in (("/simulations", "simulations"), ("/processes", "processes")):
        shown = json.dumps(other.get(path).json)
        checks.true(f"{path}: nothing of others", not any(str(i) in shown for i in ids.values()), member)


def parts_of_others(checks, other, ids):
    """Ids of one's own process with a part of another's."""
    made = other.post("/simulations", REQUEST).json["simulationUniqueID"]
    own = f"/processes/{other.post('/processes', {'simulationUniqueId': made}).json['processUniqueID']}"
    for part, key in (("borrowers", "borrowerUniqueId"), ("documents", "documentUniqueId"),
                      ("properties", "propertyUniqueId")):
        for method in ("PUT", "DELETE") if part != "properties" else ("PUT",):
            body = {"floor": "1"} if part == "properties" else None
            body = {"borrowers": {"dependents": 1}, "documents": paper(99)}.get(part, body) if method == "PUT" else None
            foreign = other.send(method, f"{own}/{part}/{ids[key]}", body).without_correlation()
            nobodys = other.send(method, f"{own}/{part}/{unknown()}", body).without_correlation()
            checks.same(f"{method} {part}: another's in one's own process", (404, nobodys), (foreign[0], foreign))
    mine = paper(99, borrowerUniqueId=ids["borrowerUniqueId"])
    checks.same("a paper about another's borrower", 400, other.post(f"{own}/documents", mine).status)


def everybody_else(checks, server, partner, other, ids, url):
    """Another broker of the network, one of another network, one of another bank."""
    strangers(checks, "same network", other, ids, url)
    parts_of_others(checks, other, ids)
    strangers(checks, "other network", settled(server, server.bank["lenderID"], "vizinha", "501234560"), ids, url)
    strangers(checks, "other bank", settled(server, another_bank(server), "longe", partner.broker["nif"]), ids, url)


def ids_of(partner, process):
    one = partner.get(process).json
    return {"simulationUniqueId": one["simulationUniqueID"], "processUniqueId": one["processUniqueID"],
            "borrowerUniqueId": one["borrowers"][0]["borrowerUniqueID"],
            "documentUniqueId": one["documents"][0]["documentUniqueID"],
            "propertyUniqueId": one["property"]["propertyUniqueID"], "partnerUniqueID": partner.id,
            "proposalUniqueId": partner.get("/proposals").json["proposals"][0]["proposalUniqueID"]}
