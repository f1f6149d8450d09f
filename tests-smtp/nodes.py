"""Several processes, one of them killed in the middle: every mail arrives.

    nodes.py PROGRAM POSTGRES_URL [COUNT]

On PostgreSQL: `lintel serve` that works on no job itself, two `lintel worker` processes, COUNT mails (10,000)
asked for through /create-notifications, one worker killed -9 when a third of them arrived. On SQLite: one
server that does its jobs itself, killed -9 in the middle and started again.

None is lost. Twice arrives only what was under way at the moment of the kill, when nobody could know
whether it had arrived: at most as many as the killed process had workers, and the second is the first, byte
for byte, under the same Message-ID.
"""

import collections
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

from lintel import Checks, Lintel, wait_for
from receiver import Receiver

# What a call and an event may hold at most are 500 events and 100 actions.
ACTIONS, EVENTS = 100, 10
# Jobs a process works on at once.
WORKERS = 8
# Deliveries begin again when the lease of the killed process is over: a minute.
LONGEST = 600.0


def sql(url, text):
    """Rows of PostgreSQL, each a list of texts."""
    done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text, url], check=True, capture_output=True,
                          text=True)
    return [line.split("|") for line in done.stdout.splitlines()]


def database(server):
    """A database of its own on the server; its address."""
    name = f"lintel_nodes_{os.getpid()}"
    sql(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    sql(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path=f"/{name}")), name


def address(run, number):
    return f"{run}-{number:05}@example.com"


def action(run, number):
    return {
        "actionType": "sendEmail",
        "actionData": {
            "emailTargetType": "LenderUser",
            "emailSenderAddress": "no-reply@example.com",
            "emailSenderName": "Invented Sender",
            "emailRecipients": {"toEmailAddresses": [address(run, number)]},
            "emailSubject": f"Invented mail {number}",
            "emailBody": f"<p>This is number {number} of {run}.</p>",
        },
    }


def ask(lintel, checks, run, count):
    """Asks for so many mails; each event and each mail by its number."""
    numbers = list(range(count))
    events = [
        {"crmEventID": f"{run}-{at}", "actionList": [action(run, n) for n in numbers[at:at + ACTIONS]]}
        for at in range(0, count, ACTIONS)
    ]
    for at in range(0, len(events), EVENTS):
        answers = lintel.call("create-notifications", events[at:at + EVENTS])
        wanted = [{"status": "success", "crmEventID": e["crmEventID"]} for e in events[at:at + EVENTS]]
        checks.same(f"{run}: call {at // EVENTS} is carried out", wanted, answers)


class Worker:
    """`lintel worker` beside a server."""

    def __init__(self, lintel):
        self.log = os.path.join(lintel.folder, f"worker-{time.monotonic_ns()}")
        with open(self.log, "ab") as errors:
            self.process = subprocess.Popen(
                [lintel.program, "worker", "--data-folder", os.path.join(lintel.folder, "data")],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                env=lintel._environment() | {"LINTEL_JOBS_WORKERS": str(WORKERS)})
        if "Working on jobs" not in self.process.stdout.readline():
            raise RuntimeError("the worker did not start:\n" + open(self.log, encoding="utf-8").read()[-3000:])

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)


def arrivals(receiver, run):
    """What arrived for each address of a run."""
    found = collections.defaultdict(list)
    for mail in receiver.accepted():
        for to in mail["to"]:
            if to.startswith(run + "-"):
                found[to].append(mail)
    return found


def look(checks, receiver, run, count):
    """Everything arrived; what arrived twice is the same."""
    found = arrivals(receiver, run)
    expected = {address(run, n) for n in range(count)}
    checks.same(f"{run}: none is lost", set(), expected - set(found))
    checks.same(f"{run}: none is invented", set(), set(found) - expected)
    twice = {to: mails for to, mails in found.items() if len(mails) > 1}
    same = all(len({(m["message_id"], m["raw_sha256"]) for m in mails}) == 1 for mails in twice.values())
    checks.is_true(f"{run}: what arrived twice is the same mail", same, list(twice)[:5])
    checks.is_true(f"{run}: at most {WORKERS} arrived twice", len(twice) <= WORKERS, len(twice))
    checks.is_true(f"{run}: none arrived more than twice", all(len(m) <= 2 for m in twice.values()), twice)
    ids = {mails[0]["message_id"] for mails in found.values()}
    checks.same(f"{run}: each mail has its own Message-ID", len(found), len(ids))
    return len(twice)


def on_postgres(program, server, count, checks, receiver):
    url, name = database(server)
    lintel = Lintel(program, DATABASE_URL=url, JOBS_WORKERS="0", MAIL_URL=f"smtp://127.0.0.1:{receiver.port}?tls=none",
                    MAIL_CONNECTIONS=str(WORKERS))
    try:
        lintel.start()
        began = time.monotonic()
        ask(lintel, checks, "nodes", count)
        asked = time.monotonic() - began
        checks.same("a server without workers sends nothing", 0, len(receiver.accepted()))
        began = time.monotonic()
        first, second = Worker(lintel), Worker(lintel)
        enough = wait_for(lambda: len(receiver.accepted()) >= count // 3, LONGEST)
        checks.is_true("the workers send", enough)
        first.kill()
        at_kill = len(receiver.accepted())
        checks.is_true("killed in the middle", at_kill < count, at_kill)
        wait_for(lambda: len(arrivals(receiver, "nodes")) >= count, LONGEST, 0.5)
        # The last ones are noted after they arrived.
        wait_for(lambda: sql(url, "SELECT 1 FROM job WHERE state = 'open' AND queue = 'mail' LIMIT 1") == [], 90, 0.5)
        took = time.monotonic() - began
        twice = look(checks, receiver, "nodes", count)
        checks.same("every delivery is noted as sent", [["sent", str(count)]],
                    sql(url, "SELECT state, COUNT(*) FROM delivery GROUP BY state"))
        checks.same("every job is done", [["done", str(count)]],
                    sql(url, "SELECT state, COUNT(*) FROM job WHERE queue = 'mail' GROUP BY state"))
        again = sql(url, "SELECT COUNT(*) FROM job WHERE queue = 'mail' AND attempts > 1")
        checks.same("a worker that is asked to stop does", 0, second.stop())
        print(f"PostgreSQL: {count} mails asked for in {asked:.1f} s, sent by two workers in {took:.1f} s; one killed "
              f"after {at_kill}: {again[0][0]} taken over, {twice} arrived twice", flush=True)
        checks.same("the server stops", 0, lintel.stop())
    finally:
        for process in (lintel.process,):
            if process is not None:
                process.kill()
                process.wait(10)
        sql(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def on_sqlite(program, count, checks, receiver):
    lintel = Lintel(program, JOBS_WORKERS=str(WORKERS), MAIL_URL=f"smtp://127.0.0.1:{receiver.port}?tls=none",
                    MAIL_CONNECTIONS=str(WORKERS))
    try:
        lintel.start()
        receiver.rule("mail", answer="451 4.3.2 not now", times=0)
        ask(lintel, checks, "alone", count)
        receiver.rules.clear()
        lintel_began = time.monotonic()
        wait_for(lambda: len(arrivals(receiver, "alone")) >= count // 3, LONGEST, 0.02)
        lintel.kill()
        at_kill = len(arrivals(receiver, "alone"))
        checks.is_true("killed in the middle", 0 < at_kill < count, at_kill)
        lintel.start()
        wait_for(lambda: len(arrivals(receiver, "alone")) >= count, LONGEST, 0.5)
        wait_for(lambda: lintel.states() == {"sent": count}, 90, 0.5)
        twice = look(checks, receiver, "alone", count)
        checks.same("every delivery is noted as sent", {"sent": count}, lintel.states())
        print(f"SQLite: {count} mails sent in {time.monotonic() - lintel_began:.1f} s by a server killed after {at_kill} "
              f"and started again; {twice} arrived twice", flush=True)
        checks.same("the server stops", 0, lintel.stop())
    finally:
        if lintel.process is not None:
            lintel.process.kill()
            lintel.process.wait(10)


def main():
    program, server = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        receiver = Receiver(os.path.join(folder, "taken.jsonl")).start()
        try:
            on_postgres(program, server, count, checks, receiver)
            on_sqlite(program, max(count // 5, ACTIONS), checks, receiver)
        finally:
            receiver.stop()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
