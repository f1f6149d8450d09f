"""Callbacks end to end: a real server process, a real HTTPS receiver, a verifier that is not ours.

    python callbacks.py PROGRAM [POSTGRES-URL]

The receiver is down, slow, redirects, answers 500 and then 200, says 410; the server is killed -9
between commit and delivery; a name leads inside after it was registered. On PostgreSQL, in a database of
its own, what the database has a part in and nothing that is waited for long."""

import glob
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import uuid

from receiver import Receiver

BASE = "/API/partnersPortal"
STATUS, ESIS = 1, 7
REQUEST = {
    "productPurposeId": 2, "loanPurposeId": 1, "productSchemeId": 1, "branchId": 1,
    "loanAmount": 180000, "loanDurationMonths": 360, "indexTypeSubCategoryId": 2, "indexTypeId": 5,
    "hasCrossSelling": True,
    "property": {"propertyTypologyId": 1, "estimatedValue": 230000, "acquisitionAmount": 225000,
                 "districtId": 11, "countyId": 1106, "address": "Rua do Exemplo, 1",
                 "zipCode": "1000", "zipCodeLocal": "001"},
    "borrowers": [{"borrowerTypeId": 1, "name": "Maria Exemplo (fictícia)", "nif": "123456789",
                   "birthDate": "1990-02-28", "email": "maria@example.com", "phone": "+351910000000",
                   "monthlyNetIncome": 3500, "otherMonthlyInstalments": 120, "dependents": 1}],
}


class Checks:
    """Counts what was seen to be so."""

    def __init__(self):
        self.passed, self.failed, self.skipped = 0, 0, 0

    def true(self, what, good, detail=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}: {detail}", flush=True)

    def same(self, what, expected, actual):
        self.true(what, expected == actual, f"expected {expected!r}, got {actual!r}")

    def finish(self):
        print(f"callbacks: {self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def wait_for(what, seconds=30.0, pause=0.05):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = what()
        if value:
            return value
        time.sleep(pause)
    return what()


class Server:
    """`lintel serve --demo` on a folder of its own."""

    def __init__(self, program, folder, database=None, hosts=None, **settings):
        self.program, self.folder, self.hosts = program, folder, hosts
        self.settings = {"MAIL_URL": "folder:"} | settings
        if database:
            self.settings["DATABASE_URL"] = database
        self.process, self.port = None, None

    def start(self):
        os.makedirs(self.folder, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LINTEL_")}
        environment |= {f"LINTEL_{name}": value for name, value in self.settings.items()}
        command = [self.program, "serve", "--demo", "--data-folder", os.path.join(self.folder, "data"),
                   "--listen", "127.0.0.1:0"]
        if self.hosts:
            # Names of its own, seen by this process alone.
            command = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', self.hosts, *command]
        with open(os.path.join(self.folder, "log"), "ab") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                            stderr=errors, text=True, env=environment)
        self.port = None
        for line in self.process.stdout:
            found = re.search(r"Listening on http://[0-9.]+:([0-9]+)", line)
            if found:
                self.port = int(found.group(1))
                break
        if self.port is None:
            log = open(os.path.join(self.folder, "log"), encoding="utf-8").read()
            raise RuntimeError("the server did not start:\n" + log[-3000:])
        with open(os.path.join(self.folder, "data", "demo-credentials.json"), encoding="utf-8") as file:
            self.bank = json.load(file)["bank"]
        return self

    def kill(self):
        self.process.kill()
        self.process.wait(20)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)


class Broker:
    """A broker of the demo bank, signed in."""

    def __init__(self, server, number):
        self.server, self.number, self.token = server, number, None

    @property
    def id(self):
        return self.server.bank["brokers"][self.number]["brokerUniqueID"]

    def sign_in(self):
        bank, own = self.server.bank, self.server.bank["brokers"][self.number]
        headers = {"xClientID": bank["clientID"], "xClientSecret": bank["clientSecret"],
                   "xBrokerUID": own["brokerUniqueID"], "xUsername": own["username"]}
        status, body = self.send("POST", "/authentication", None, headers)
        if status != 200:
            raise RuntimeError(f"signing in: {status} {body}")
        self.token = body["sessionToken"]
        return self

    def send(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            body, headers["Content-Type"] = json.dumps(body), "application/json"
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            line.request(method, BASE + path, body, headers)
            answer = line.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            line.close()

    def callbacks(self, method, rest, body=None):
        return self.send(method, f"/partners/{self.id}/callbacks{rest}", body)

    def simulate(self):
        """A new simulation: its id, and the correlation id of the request."""
        correlation = str(uuid.uuid4())
        status, body = self.send("POST", "/simulations", REQUEST, {"x-correlation-id": correlation})
        if status != 201:
            raise RuntimeError(f"simulating: {status} {body}")
        return body["simulationUniqueID"], correlation

    def sheet(self, simulation):
        return self.send("GET", f"/simulations/{simulation}/esis")[0]

    def cancel(self, simulation):
        return self.send("DELETE", f"/simulations/{simulation}")[0]

    def register(self, receiver, kind, path, **more):
        status, body = self.callbacks("PUT", f"/{kind}", {"callbackUrl": receiver.url(path)} | more)
        if status == 201:
            receiver.secrets[path] = body["secret"]
        return status, body


def about(receiver, simulation):
    """What came about a simulation, in order."""
    return [e for e in receiver.taken() if e.subject == simulation]


def firsts(events):
    """Each id once, in the order of their first calls."""
    seen = {}
    for event in events:
        seen.setdefault(event.id, event)
    return list(seen.values())


def words(events):
    """What happened, told by type and new status."""
    return [(e.type, e.data.get("previousSimulationStatusID"), e.data.get("simulationStatusID")) for e in events]


def one_story(checks, what, events, count=3):
    """Created, sheet, cancelled: complete, in order, each under one id with one body, all verified."""
    checks.same(f"{what}: all signatures verified", [], [e.error for e in events if e.error])
    once = firsts(events)
    types = [e.type for e in once]
    expected = ["simulation.status_changed", "esis.generated", "simulation.status_changed"][:count]
    checks.same(f"{what}: each event, in order", expected, types)
    for event in events:
        first = next(e for e in once if e.id == event.id)
        checks.true(f"{what}: the same bytes", event.body == first.body)
    # Nothing of the next event before the one before it was taken.
    last = {event.id: place for place, event in enumerate(events)}
    for earlier, later in zip(once, once[1:]):
        taken = next((p for p, e in enumerate(events) if e.id == earlier.id and e.answered in (200, "slow")), None)
        begins = next(p for p, e in enumerate(events) if e.id == later.id)
        checks.true(f"{what}: one after the other", taken is not None and taken < begins, f"{taken} {begins} {last}")


def story(broker):
    simulation, correlation = broker.simulate()
    broker.sheet(simulation)
    broker.cancel(simulation)
    return simulation, correlation


def plain(checks, receiver, broker):
    checks.same("made", 201, broker.register(receiver, STATUS, "/a1")[0])
    checks.same("made", 201, broker.register(receiver, ESIS, "/a7")[0])
    checks.same("once more", 200, broker.register(receiver, STATUS, "/a1")[0])
    simulation, correlation = story(broker)
    wait_for(lambda: len(about(receiver, simulation)) >= 3)
    events = about(receiver, simulation)
    one_story(checks, "plain", events)
    checks.same("plain: once each", 3, len(events))
    checks.same("the request's correlation id", correlation, events[0].data["correlationId"])
    checks.same("paths", ["/a1", "/a7", "/a1"], [e.path for e in events])
    # What the receiver has taken is noted a moment later.
    listed = lambda: broker.callbacks("GET", f"/{STATUS}/deliveries")  # noqa: E731
    wait_for(lambda: all(d["state"] == "delivered" for d in listed()[1]["deliveries"]), 10)
    status, page = listed()
    checks.same("listed", (200, ["delivered", "delivered"]), (status, [d["state"] for d in page["deliveries"]]))
    checks.same("ids", [e.id for e in events if e.path == "/a1"][::-1], [d["deliveryUniqueID"] for d in page["deliveries"]])


def failing(checks, receiver, broker):
    for what, way in (("500 then 200", [500, 503]), ("cut", ["cut"]), ("redirect", ["redirect"]), ("drip", ["drip"])):
        receiver.elsewhere = receiver.url("/elsewhere")
        receiver.ways["/a1"] = list(way)
        simulation, _ = story(broker)
        wait_for(lambda simulation=simulation: len(firsts(about(receiver, simulation))) >= 3)
        time.sleep(0.2)
        events = about(receiver, simulation)
        if what != "drip":
            one_story(checks, what, events)
            checks.same(f"{what}: tried again", 3 + len(way), len(events))
        else:
            # A head with 200 and a body without end was taken.
            checks.same("drip: taken at once", 3, len(events))
    checks.same("redirects are not followed", [], receiver.taken("/elsewhere"))
    receiver.stop()
    simulation, _ = story(broker)
    time.sleep(1.5)
    receiver.start()
    wait_for(lambda: len(firsts(about(receiver, simulation))) >= 3)
    one_story(checks, "down", about(receiver, simulation))


def slow(checks, receiver, broker, other):
    checks.same("made", 201, other.register(receiver, STATUS, "/b1")[0])
    receiver.ways["/a1"] = "hang"
    waiting = [broker.simulate()[0] for _ in range(8)]
    wait_for(lambda: len(receiver.taken("/a1")) >= 4)
    began = time.monotonic()
    quick = [other.simulate()[0] for _ in range(5)]
    wait_for(lambda: all(about(receiver, s) for s in quick))
    took = time.monotonic() - began
    checks.true("others do not wait for a slow one", all(about(receiver, s) for s in quick) and took < 8, f"{took}")
    receiver.ways["/a1"] = 200
    wait_for(lambda: all(any(e.answered == 200 for e in about(receiver, s)) for s in waiting), 90)
    for simulation in waiting:
        events = about(receiver, simulation)
        checks.true("the slow one's arrive", any(e.answered == 200 for e in events), str(len(events)))
        checks.same("under one id", 1, len({e.id for e in events}))


def dead_and_replayed(checks, receiver, broker):
    receiver.ways["/a1"] = 500
    simulation, _ = broker.simulate()
    deliveries = lambda: broker.callbacks("GET", f"/{STATUS}/deliveries?limit=1")[1]["deliveries"][0]  # noqa: E731
    newest = wait_for(lambda: deliveries() if deliveries()["state"] == "dead" else None, 60)
    checks.true("given up", newest and newest["state"] == "dead", str(newest))
    checks.same("after the last wait", 5, len(newest["attempts"]))
    receiver.ways["/a1"] = 200
    path = f"/{STATUS}/deliveries/{newest['deliveryUniqueID']}/replay"
    checks.same("replayed", 202, broker.callbacks("POST", path, {})[0])
    wait_for(lambda: any(e.answered == 200 for e in about(receiver, simulation)))
    events = about(receiver, simulation)
    checks.same("replay: the same id", {newest["deliveryUniqueID"]}, {e.id for e in events})
    checks.same("replay: the same bytes", 1, len({e.body for e in events}))
    checks.same("replay: verified", [], [e.error for e in events if e.error])


def echo(checks, receiver, broker, other):
    simulation, _ = broker.simulate()
    data = {"notificationTypeID": STATUS, "occurredAt": "2026-01-01T00:00:00Z", "simulationUniqueID": simulation,
            "simulationNumber": 1, "previousSimulationStatusID": None, "simulationStatusID": 1}
    body = {"notificationTypeID": STATUS, "simulationUniqueId": simulation, "rawBody": data}
    receiver.forget()
    status, answer = broker.callbacks("POST", "/echo", body)
    checks.same("echo", (200, 200, "delivered"), (status, answer.get("status"), answer.get("outcome")))
    checks.same("echo's headers", "receiver", answer["headers"].get("x-answered-by"))
    sent = next((e for e in receiver.taken("/a1") if e.id == answer["webhookID"]), None)
    checks.true("echo came, signed", sent and sent.error is None and sent.data == data, str(sent and sent.error))
    checks.same("both", 400, broker.callbacks("POST", "/echo", body | {"processUniqueId": simulation})[0])
    checks.same("another broker's", 404, other.callbacks("POST", "/echo", body)[0])


def killed(checks, receiver, server, brokers, seed):
    """Work and kill -9 at any moment, again and again: nothing that was answered is lost."""
    chance = random.Random(seed)
    broker = brokers[0]
    receiver.slow = 0.3
    receiver.ways["/a1"], receiver.ways["/a7"] = "slow", "slow"
    done = {}
    for _ in range(4):
        for _ in range(chance.randint(1, 4)):
            simulation, _ = broker.simulate()
            done[simulation] = 1
            if chance.random() < 0.8 and broker.sheet(simulation) == 200:
                done[simulation] = 2
                if broker.cancel(simulation) in (200, 204):
                    done[simulation] = 3
        time.sleep(chance.choice([0, 0, 0.05, 0.3, 0.6]))
        server.kill()
        server.start()
        for each in brokers:
            each.sign_in()
    receiver.ways["/a1"], receiver.ways["/a7"] = 200, 200
    # The lease of a job that was being done when the node died lasts a minute.
    complete = lambda: all(len(firsts(about(receiver, s))) >= n for s, n in done.items())  # noqa: E731
    wait_for(complete, 100)
    time.sleep(1)
    for simulation, count in done.items():
        one_story(checks, f"killed (seed {seed})", about(receiver, simulation), count)


def gone(checks, receiver, server, broker):
    receiver.ways["/a1"] = 410
    simulation, _ = story(broker)
    listed = lambda: broker.callbacks("GET", "")[1]["callbacks"]  # noqa: E731
    wait_for(lambda: STATUS not in [c["notificationTypeID"] for c in listed()])
    checks.same("410: off", [ESIS], [c["notificationTypeID"] for c in listed()])
    every = broker.callbacks("GET", "?includeInactive=true")[1]["callbacks"]
    checks.same("410: why", ["gone", None], [c["inactiveReason"] for c in every])
    wait_for(lambda: len(about(receiver, simulation)) >= 2)
    paths = [e.path for e in about(receiver, simulation)]
    checks.same("410: asked once, the other type goes on", ["/a1", "/a7"], paths)
    mails = lambda: [m for m in glob.glob(os.path.join(server.folder, "data", "mail", "**", "*"), recursive=True)  # noqa: E731
                     if os.path.isfile(m) and b"casa.clara@example.com" in open(m, "rb").read()]
    checks.true("410: the partner gets a mail", wait_for(mails, 20), "no letter in the folder")
    receiver.ways["/a1"] = 200
    checks.same("on again", 200, broker.callbacks("PUT", f"/{STATUS}", {"isActive": True})[0])
    simulation, _ = broker.simulate()
    checks.true("410: comes again", wait_for(lambda: about(receiver, simulation)))
    checks.same("removed", 204, broker.callbacks("DELETE", f"/{STATUS}")[0])
    checks.same("removed twice", 404, broker.callbacks("DELETE", f"/{STATUS}")[0])
    simulation, _ = broker.simulate()
    time.sleep(1.5)
    checks.same("removed: silence", [], about(receiver, simulation))


def inside(checks, program, folder, receiver):
    """A server as it is in production: nothing inside is registered, or connected to."""
    hosts = os.path.join(folder, "hosts")

    def lead(address):
        with open(hosts, "w", encoding="utf-8") as file:
            file.write(f"127.0.0.1 localhost\n{address} rebind.example.com\n127.0.0.1 inside.example.com\n")

    lead("93.184.215.14")
    can_unshare = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0
    server = Server(program, os.path.join(folder, "strict"), hosts=hosts if can_unshare else None,
                    CALLBACKS_CA_FILE=receiver.root, CALLBACKS_WAITS="1,1,1").start()
    broker = Broker(server, 0).sign_in()
    port = receiver.port
    urls = ["https://127.0.0.1", "https://localhost", "https://[::1]", "https://[::ffff:127.0.0.1]", "https://0.0.0.0",
            "https://10.0.0.1", "https://169.254.169.254", "https://[fd00::1]", "https://[64:ff9b::7f00:1]",
            "https://2130706433", "https://0x7f000001", "https://127.1", "https://0177.0.0.1", "https://user@93.184.215.14",
            "http://93.184.215.14"]
    if can_unshare:
        urls.append("https://inside.example.com")
    for url in urls:
        status, body = broker.callbacks("PUT", f"/{STATUS}", {"callbackUrl": f"{url}:{port}/x"})
        fields = [e["field"] for e in body.get("errors", [])]
        checks.same(f"refused: {url}", (400, ["callbackUrl"]), (status, fields))
    if can_unshare:
        url = f"https://rebind.example.com:{port}/rebind"
        status, body = broker.callbacks("PUT", f"/{STATUS}", {"callbackUrl": url})
        checks.same("public when it was registered", 201, status)
        receiver.secrets["/rebind"] = body["secret"]
        for address in ("127.0.0.1", "::1", "169.254.169.254"):
            lead(address)
            broker.simulate()
            newest = lambda: broker.callbacks("GET", f"/{STATUS}/deliveries?limit=1")[1]["deliveries"][0]  # noqa: E731
            attempts = wait_for(lambda: newest()["attempts"])
            checks.same(f"turned to {address}", "not_public", attempts and attempts[0]["outcome"])
        checks.same("nothing came", [], receiver.taken("/rebind"))
    else:
        print("NOT RUN: names that change their address need the right to mount (unshare -m)", flush=True)
    server.stop()


def main():
    program, database = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    checks, folder = Checks(), tempfile.mkdtemp(prefix="lintel-callbacks-")
    if database:
        from lintel import fresh_database  # which takes its Server from here
        database = fresh_database(database)
    receiver = Receiver(folder).start()
    server = Server(program, os.path.join(folder, "open"), database, CALLBACKS_ALLOW_PRIVATE="true",
                    CALLBACKS_CA_FILE=receiver.root, CALLBACKS_WAITS="1,1,2,2").start()
    brokers = [Broker(server, n).sign_in() for n in (0, 1)]
    parts = [
        ("plain", lambda: plain(checks, receiver, brokers[0])),
        ("failing", lambda: failing(checks, receiver, brokers[0])),
        ("echo", lambda: echo(checks, receiver, brokers[0], brokers[1])),
        ("dead", lambda: dead_and_replayed(checks, receiver, brokers[0])),
        ("killed", lambda: killed(checks, receiver, server, brokers, seed=int(os.environ.get("CALLBACKS_SEED", "8")))),
        ("slow", lambda: slow(checks, receiver, brokers[0], brokers[1])),
        ("gone", lambda: gone(checks, receiver, server, brokers[0])),
    ]
    if database:
        parts = [part for part in parts if part[0] not in ("killed", "slow")]
    else:
        parts.append(("inside", lambda: inside(checks, program, folder, receiver)))
    for name, part in parts:
        began = time.monotonic()
        part()
        print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
    checks.same("stops in good order", 0, server.stop())
    log = open(os.path.join(server.folder, "log"), encoding="utf-8").read()
    leaked = [word for word in ["whsec_", "hooks/a1", "panicked"] if word in log]
    checks.same("nothing of it in the log", [], leaked)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
