"""Signing in by every name, leaving, and access that is withdrawn."""

import uuid

from lintel import BASE, admin, exchange

def signing_in(checks, partner):
    bank, broker = partner.server.bank, partner.broker
    secret = {"client": bank["clientID"], "secret": bank["clientSecret"], "user": broker["username"]}
    styles = [
        ("reference", ("xClientID", "xClientSecret", "xBrokerUID", "xUsername"), broker["brokerUniqueID"], False),
        ("guide", ("x-client-id", "x-client-secret", "brokerID", "username"), str(broker["brokerID"]), True),
        ("NIF", ("xClientID", "xClientSecret", "correlationId", "xUsername"), broker["nif"], False),
        ("NIF with PT", ("X-CLIENT-ID", "X-CLIENT-SECRET", "CORRELATIONID", "USERNAME"), "PT" + broker["nif"], False),
        ("number", ("xclientid", "xclientsecret", "brokerid", "xusername"), str(broker["brokerID"]), False),
    ]
    for style, (a, b, c, d), name, is_bare in styles:
        answer = partner.login({a: secret["client"], b: secret["secret"], c: name, d: secret["user"]})
        checks.same(f"login, {style}", 200, answer.status)
        told = answer.json
        token = told if is_bare else told.get("sessionToken")
        checks.same(f"login, {style}: shape", is_bare, isinstance(told, str))
        if not is_bare:
            checks.same(f"login, {style}: rest", ("Bearer", 1800), (told["tokenType"], told["expiresIn"]))
        checks.same(f"{style}: Bearer", 200, partner.send("GET", "/simulations", token=token).status)
        other = exchange(partner.server.port, "GET", BASE.lower() + "/simulations", None, {"sessionToken": token})
        checks.same(f"{style}: sessionToken, prefix in other letters", 200, other.status)
    names = partner.names()
    twice = partner.login(names | {"x-client-id": "another"})
    checks.same("contradicting names", 400, twice.status)
    wrong = {"secret": {"xClientSecret": "wrong"}, "client": {"xClientID": "wrong"}, "user": {"xUsername": "nobody"},
             "broker": {"xBrokerUID": str(uuid.uuid4())}, "no text": {"xUsername": "\xff\xfe"}}
    answers = {what: partner.login(names | change).without_correlation() for what, change in wrong.items()}
    answers["nothing"] = partner.login({"x": "y"}).without_correlation()
    checks.same("failures are 401", {401}, {status for status, _ in answers.values()})
    checks.same("failures are all the same", 1, len(set(answers.values())))


def leaving(checks, partner):
    """A token after logout, and one that never was."""
    token = partner.login().json["sessionToken"]
    checks.same("logout", 204, partner.send("DELETE", "/authentication", token=token).status)
    after = partner.send("GET", "/simulations", token=token)
    never = partner.send("GET", "/simulations", token="A" * 43)
    checks.same("after logout", 401, after.status)
    checks.same("as one that never was", never.without_correlation(), after.without_correlation())
    checks.same("twice", 401, partner.send("DELETE", "/authentication", token=token).status)
    checks.true("the others live on", partner.get("/simulations").status == 200)


def withdrawn(checks, server, partner, other, path):
    """Access taken away at each level in the middle of the story: over at once, for good."""
    org, broker = ["--org", server.bank["lenderID"]], str(partner.broker["brokerID"])
    user = [*org, "--broker", broker, partner.broker["username"]]
    levels = [
        (("partner-user", "withdraw"), ("partner-user", "grant"), user),
        (("partner-user", "deactivate"), ("partner-user", "activate"), user),
        (("intermediary", "withdraw"), ("intermediary", "grant"), [*org, broker]),
        (("intermediary", "deactivate"), ("intermediary", "activate"), [*org, broker]),
        (("network", "deactivate"), ("network", "activate"), [*org, server.bank["clientID"]]),
    ]
    for off, on, rest in levels:
        what = " ".join(off)
        checks.same(f"before {what}", 200, partner.get(path).status)
        admin(server, *off, *rest)
        seen = partner.get(path)
        checks.same(f"after {what}", 401, seen.status)
        checks.same(f"{what}: no login", 401, partner.login().status)
        checks.same(f"{what}: others of the network", 401 if off[0] == "network" else 200,
                    other.get("/simulations").status)
        admin(server, *on, *rest)
        checks.same(f"{what}: the session stays over", 401, partner.get(path).status)
        partner.sign_in()
    other.sign_in()
