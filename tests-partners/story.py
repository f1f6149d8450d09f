"""From simulation to signed proposal, by HTTP only, as a partner and the bank's people would do it.

    python story.py PROGRAM [POSTGRES-URL]

Figures are worked out again by recompute.py, callbacks are verified by the makers' own library, the
information sheet is read by pdftotext."""

import os
import sys
import tempfile
import time

from lintel import REQUEST, Checks, Partner, Server, fresh_database, wait_for
from processing import (CANCELLED, CONTRACTED, desk_approves, desk_asks, looked_at, partner_answers, process_begins,
                        process_filled, process_submitted, staff)
from receiver import Receiver
from sessions import leaving, signing_in, withdrawn
from sheets import sheets
from simulating import commons, simulations
from strangers import everybody_else, ids_of

def subscribed(checks, receiver, partner):
    for kind in range(1, 8):
        path = f"/told/{kind}"
        answer = partner.put(f"/partners/{partner.id}/callbacks/{kind}", {"callbackUrl": receiver.url(path)})
        checks.same(f"registered: {kind}", 201, answer.status)
        receiver.secrets[path] = answer.json["secret"]


def told(receiver, subject):
    """What came about a process or simulation: each event once, in the order of first calls."""
    events = {}
    for event in receiver.taken():
        if event.subject == subject:
            events.setdefault(event.id, event)
    return list(events.values())


def word(event):
    """An event in short: its type and the status it tells of."""
    status = event.data.get("processStatusID") or event.data.get("simulationStatusID")
    return f"{event.type} {event.data.get('proposalStatusID') or status or ''}".strip()


def heard(checks, receiver, what, subject, expected, seconds=60):
    """All of it came, signed, in order, each under one id with one body."""
    wait_for(lambda: len(told(receiver, subject)) >= len(expected), seconds)
    events = told(receiver, subject)
    checks.same(f"{what}: told in order", expected, [word(e) for e in events])
    every = [e for e in receiver.taken() if subject in (e.subject, e.data.get("processUniqueID"))]
    checks.same(f"{what}: signatures", [], [e.error for e in receiver.taken() if e.error])
    for event in every:
        first = next(e for e in events if e.id == event.id)
        checks.true(f"{what}: one body for one id", event.body == first.body)
    return events


def killed(checks, receiver, server, partner):
    """The node dies between the commit and the delivery: nothing is lost, order holds."""
    for kind in (1, 2, 7):
        receiver.ways[f"/told/{kind}"] = "hang"
    simulation = partner.post("/simulations", REQUEST).json["simulationUniqueID"]
    partner.get(f"/simulations/{simulation}/esis")
    process = partner.post("/processes", {"simulationUniqueId": simulation}).json["processUniqueID"]
    partner.delete(f"/processes/{process}?cancelReasonId=1")
    server.kill()
    for kind in (1, 2, 7):
        receiver.ways[f"/told/{kind}"] = 200
    server.start()
    partner.sign_in()
    checks.same("nothing of it is lost", CANCELLED, partner.get(f"/processes/{process}").json["processStatusID"])
    # The lease of a job that was being done when the node died lasts a minute.
    heard(checks, receiver, "killed: simulation", simulation,
          ["simulation.status_changed 1", "esis.generated", "simulation.status_changed 2"], 100)
    heard(checks, receiver, "killed: process", process,
          ["process.status_changed 1", "process.status_changed 8"], 100)


def contracted(checks, receiver, server, partner, path, process):
    """Accepted; the node dies before anybody was told."""
    for kind in range(1, 8):
        receiver.ways[f"/told/{kind}"] = "hang"
    done = partner.post(f"{path}/accept", x_correlation_id="story-accept")
    checks.same("accepted", (200, 2), (done.status, done.json.get("proposalStatusID")))
    server.kill()
    for kind in range(1, 8):
        receiver.ways[f"/told/{kind}"] = 200
    server.start()
    partner.sign_in()
    again = partner.post(f"{path}/accept")
    checks.same("accepted twice is once", (200, done.json), (again.status, again.json))
    looked_at(checks, partner, process, CONTRACTED)
    checks.same("no way back", 409, partner.delete(f"{path}?cancelReasonId=1").status)
    checks.same("nor of the process", 409, partner.delete(f"{process}?cancelReasonId=1").status)


def whole_process(checks, receiver, process):
    """Everything that was told of the process, in the order it happened."""
    events = heard(checks, receiver, "process", process, [
        "process.status_changed 1", "esis.generated", "process.status_changed 2", "process.status_changed 3",
        "message.received", "process.status_changed 4", "process.information_requested", "process.status_changed 3",
        "process.status_changed 5", "proposal.issued", "esis.generated", "proposal.status_changed 2",
        "process.status_changed 7"], 100)
    by_kind = {event.path: event.data["notificationTypeID"] for event in events}
    checks.true("each where it was registered", all(p == f"/told/{k}" for p, k in by_kind.items()), str(by_kind))
    asked = next((e for e in events if e.type == "process.information_requested"), None)
    checks.true("callback 3 names the paper", asked and asked.data["documentTypeID"] == 13)
    checks.same("by whose request", ["story-submit", "story-accept"],
                [e.data["correlationId"] for e in events if word(e) in ("process.status_changed 2",
                                                                       "proposal.status_changed 2")])


def main():
    program, database = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    checks, folder = Checks(), tempfile.mkdtemp(prefix="lintel-story-")
    receiver = Receiver(folder).start()
    if database:
        database = fresh_database(database)
    server = Server(program, os.path.join(folder, "node"), database, CALLBACKS_ALLOW_PRIVATE="true",
                    CALLBACKS_CA_FILE=receiver.root, CALLBACKS_WAITS="1,1,2,2").start()
    partner, other = (Partner(server, n).sign_in() for n in (0, 1))
    subscribed(checks, receiver, partner)
    subject = {}

    def begin():
        made = partner.post("/simulations", REQUEST, x_correlation_id="story-begin")
        subject["simulation"] = made.json["simulationUniqueID"]
        sheets(checks, server, partner, f"/simulations/{subject['simulation']}", "simulacao@example.com")
        subject["path"] = process_begins(checks, partner, subject["simulation"])
        subject["process"] = subject["path"].rsplit("/", 1)[1]

    parts = [
        ("signing in", lambda: signing_in(checks, partner)),
        ("leaving", lambda: leaving(checks, partner)),
        ("simulations", lambda: simulations(checks, partner)),
        ("commons", lambda: commons(checks, partner)),
        ("process begins", begin),
        ("gaps", lambda: process_filled(checks, server, partner, subject["path"])),
        ("withdrawn", lambda: withdrawn(checks, server, partner, other, subject["path"])),
        ("submitted", lambda: process_submitted(checks, partner, subject["path"])),
        ("the bank asks", lambda: desk_asks(checks, partner, staff(server, "Processor"), subject["path"])),
        ("answered", lambda: partner_answers(checks, partner, subject["path"])),
        ("approved", lambda: subject.update(proposal=desk_approves(checks, partner, server, subject["path"]))),
        ("strangers", lambda: everybody_else(checks, server, partner, other, ids_of(partner, subject["path"]),
                                             receiver.url("/stranger"))),
        ("contracted", lambda: contracted(checks, receiver, server, partner, subject["proposal"], subject["path"])),
        ("told", lambda: whole_process(checks, receiver, subject["process"])),
        ("killed", lambda: killed(checks, receiver, server, partner)),
    ]
    try:
        for name, part in parts:
            began = time.monotonic()
            part()
            print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
    except BaseException:
        # Nothing is left running behind a story that broke off.
        server.kill()
        raise
    heard(checks, receiver, "simulation", subject["simulation"],
          ["simulation.status_changed 1", "esis.generated", "simulation.status_changed 2"])
    checks.same("stops in good order", 0, server.stop())
    with open(os.path.join(server.folder, "log"), encoding="utf-8") as file:
        log = file.read()
    leaked = [w for w in ("panicked", "123456789", "Maria Exemplo", "maria@example.com", "whsec_", "Rua do Exemplo")
              if w in log]
    checks.same("nothing personal in the log", [], leaked)
    print(f"story: {checks.passed} passed, {checks.failed} failed", flush=True)
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    sys.exit(main())
