"""What the server answers against what its OpenAPI description says: schemathesis, seeded and bounded.

    python conform.py PROGRAM [SECONDS]

No answer of 500 and above, every status, header and body as described, no session no answer. Ids that
exist are put into three of four well-formed requests (hooks.py), on a server with a process in creation
and one that was handed over."""

import base64
import json
import os
import subprocess
import sys
import tempfile

from lintel import BASE, PDF, REQUEST, Partner, Server

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = "8"
# What an honest server may do: refuse what the schema alone cannot forbid (a NIF's check digit, a limit of
# the bank), and ignore members it does not know.
LEFT_OUT = "positive_data_acceptance,negative_data_rejection"


def paper():
    return {"documentTypeID": 99, "fileName": "exemplo.pdf", "documentContent": base64.b64encode(PDF).decode()}


def ids(partner):
    """Something of every kind; several of what requests may end."""
    make = lambda: partner.post("/simulations", REQUEST).json["simulationUniqueID"]  # noqa: E731
    partner.put(f"/partners/{partner.id}/callbacks/1", {"callbackUrl": "https://localhost:1024/told"})
    one = partner.post("/processes", {"simulationUniqueId": make()}).json
    process = f"/processes/{one['processUniqueID']}"
    partner.post(f"{process}/borrowers", {"borrowerTypeId": 2, "name": "Exemplo"})
    document = partner.post(f"{process}/documents", paper()).json["documentUniqueID"]
    spare = [partner.post("/processes", {"simulationUniqueId": make()}).json["processUniqueID"] for _ in range(8)]
    listed = partner.get(f"/partners/{partner.id}/callbacks/1/deliveries").json["deliveries"]
    path = {"simulationUniqueId": make(), "processUniqueId": one["processUniqueID"],
            "borrowerUniqueId": one["borrowers"][0]["borrowerUniqueID"], "documentUniqueId": document,
            "propertyUniqueId": one["property"]["propertyUniqueID"], "partnerUniqueID": partner.id,
            "deliveryUniqueID": listed[0]["deliveryUniqueID"], "notificationType": 1, "countryId": 620, "countyId": 1106}
    if any("proposal" in p for p in partner.get("/openapi.json").json["paths"]):
        path["proposalUniqueId"] = "01900000-0000-7000-8000-000000000000"
    return {"path": path, "spare": {"simulationUniqueId": [make() for _ in range(8)], "processUniqueId": spare},
            "login": partner.names(), "callbackUrl": "https://localhost:1024/told"}


def main():
    program, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "75"
    folder = tempfile.mkdtemp(prefix="lintel-conform-")
    server = Server(program, os.path.join(folder, "node"), CALLBACKS_ALLOW_PRIVATE="true", CALLBACKS_WAITS="3600").start()
    partner = Partner(server, 0).sign_in()
    known = os.path.join(folder, "ids.json")
    with open(known, "w", encoding="utf-8") as file:
        json.dump(ids(partner), file)
    environment = os.environ | {"LINTEL_IDS": known, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": HERE}
    schemathesis = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    done = subprocess.run(
        [schemathesis, "--no-color", "run", f"http://127.0.0.1:{server.port}{BASE}/openapi.json",
         "-H", f"Authorization: Bearer {partner.token}", "--seed", SEED, "--max-examples", "6", "--max-time", seconds,
         "--exclude-checks", LEFT_OUT, "--exclude-operation-id", "SignOut", "--continue-on-failure", "--no-shrink",
         "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off"],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=float(seconds) + 120, check=False)
    told = done.stdout
    start = told.find("= FAILURES =")
    print(told[max(0, start - 40):] if done.returncode else told[told.find("= SUMMARY ="):], flush=True)
    with open(os.path.join(server.folder, "log"), encoding="utf-8") as file:
        log = file.read()
    alive, ended = partner.login().status == 200, server.stop()
    bad = [line for line in log.splitlines() if "panicked" in line or " ERROR " in line]
    print("\n".join(bad[:20]))
    good = done.returncode == 0 and alive and ended == 0 and not bad
    print(f"conformance: {1 if good else 0} passed, {0 if good else 1} failed", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
