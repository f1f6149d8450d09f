"""Mail of a running server, all the way to a mail server: TLS, passwords, signatures, a server that says
"not now", "never", nothing at all, or dies in the middle of a letter.

    conversation.py PATH_OF_LINTEL

Ends with "N passed, N failed".
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

import dkim

from lintel import Checks, Lintel, certificates, signing_key, wait_for
from receiver import Receiver

HERE = os.path.dirname(os.path.abspath(__file__))
BOUNCES = "bounces@mail.example.com"


def of(accepted, address):
    return [line for line in accepted if address in line["to"]]


def state_of(lintel, address):
    rows = lintel.rows("SELECT state, attempts, answer FROM delivery WHERE address = $1", address)
    return rows[0] if rows else (None, 0, None)


def waits_in_vain(lintel, address):
    """Whether an attempt was made, and the delivery waits for the next."""
    state, attempts, _ = state_of(lintel, address)
    return state == "waiting" and attempts >= 1


def settled(lintel):
    return "waiting" not in lintel.states()


def counts_agree(checks, what, lintel, accepted):
    """What the receiver has is what the database calls sent, each once."""
    checks.same(f"{what}: taken by the receiver, and sent", lintel.states().get("sent", 0), len(accepted))
    copies = Counter((line["message_id"], tuple(line["to"])) for line in accepted)
    checks.same(f"{what}: nothing twice", [], [key for key, count in copies.items() if count > 1])


def private_and_signed(checks, folder, program):
    """STARTTLS with a certificate of our own, a password, DKIM; nothing goes to a server nobody vouches for."""
    root, cert, key = certificates(folder)
    dkim_key, dkim_record = signing_key(folder)
    receiver = Receiver(os.path.join(folder, "private.jsonl"), cert=cert, key=key, require_tls=True, user="lintel",
                        password="p@ss:word").start()
    settings = {
        "MAIL_URL": f"smtp://lintel:p%40ss%3Aword@localhost:{receiver.port}", "MAIL_FROM": "Lintel Test <no-reply@example.com>",
        "MAIL_BOUNCE_ADDRESS": BOUNCES, "MAIL_DKIM_DOMAIN": "example.com", "MAIL_DKIM_SELECTOR": "test",
        "MAIL_DKIM_KEY_FILE": dkim_key,
    }
    lintel = Lintel(program, **settings).start()
    lintel.create_loan(0, "first@example.com", "second@example.com")
    tried = wait_for(lambda: waits_in_vain(lintel, "first@example.com") or waits_in_vain(lintel, "second@example.com"))
    checks.is_true("a server nobody vouches for is tried", tried)
    checks.same("and gets nothing", [], receiver.accepted())
    checks.same("the server stops well", 0, lintel.stop())

    lintel.settings["MAIL_CA_FILE"] = root
    lintel.start()
    for number in range(1, 6):
        lintel.create_loan(number, f"wilma{number}@example.com", f"otto{number}@example.com")
    checks.same("the page for a forgotten password", 200,
                lintel.post_form("/lender/forgot-password", {"email": lintel.demo["staffEmail"]}))
    checks.is_true("everything is sent", wait_for(lambda: settled(lintel)), lintel.states())
    accepted = receiver.accepted()
    checks.same("twelve invitations and a link", 13, len(accepted))
    counts_agree(checks, "private", lintel, accepted)
    checks.same("with TLS, each", {True}, {line["tls"] for line in accepted})
    checks.same("with the password, each", {"lintel"}, {line["user"] for line in accepted})
    checks.same("reports go to", {BOUNCES}, {line["from"] for line in accepted})
    checks.is_true("connections are used again", receiver.sessions < len(accepted), receiver.sessions)
    good = [dkim.verify(line["raw"], dnsfunc=lambda name, timeout=5: dkim_record) for line in accepted]
    checks.same("signatures are good", [True] * len(accepted), good)
    changed = accepted[0]["raw"].replace(b"Subject: ", b"Subject: Re: ")
    checks.is_true("and seal the letter", not dkim.verify(changed, dnsfunc=lambda name, timeout=5: dkim_record))
    for line in accepted:
        text = line["message"].get_body(("plain",)).get_content()
        checks.is_true("a text a person can read", len(text) > 40 and "http" in text, text)
        checks.same("a To and nobody else", 1, len(line["message"].get_all("To")))
    log = open(lintel.log, encoding="utf-8").read()
    checks.is_true("the log names nobody", "@example.com" not in log and "p@ss" not in log)
    checks.same("the server stops well", 0, lintel.stop())
    receiver.stop()


def not_now_and_never(checks, folder, program):
    """4xx at every stage and then success; 5xx to the dead letters, and back; an answer that is lost."""
    _, cert, key = certificates(folder)
    receiver = Receiver(os.path.join(folder, "moods.jsonl"), cert=cert, key=key, implicit_tls=True).start()
    lintel = Lintel(program, MAIL_URL=f"smtps://localhost:{receiver.port}", MAIL_CA_FILE=os.path.join(folder, "root.pem"))
    lintel.start()
    later = ["rcpt", "data", "content", "mid-data"]
    for stage in later:
        receiver.rule(stage, to=f"later-{stage}@", answer="451 4.7.1 come back", action="close" if stage == "mid-data" else None)
        receiver.rule(stage, to=f"twice-{stage}@", answer="450 4.2.0 busy", action="close" if stage == "mid-data" else None, times=2)
        lintel.create_loan(f"later-{stage}", f"later-{stage}@example.com", f"twice-{stage}@example.com")
    receiver.rule("rcpt", to="gone@", times=0, answer="550 5.1.1 <gone@example.com> nobody here")
    receiver.rule("content", to="spam@", times=1, answer="554 5.7.1 not this one")
    lintel.create_loan("never", "gone@example.com", "spam@example.com")
    receiver.rule("after-data", to="unknown@", action="close")
    lintel.create_loan("unknown", "unknown@example.com", "plain@example.com")
    checks.is_true("everything comes to an end", wait_for(lambda: settled(lintel), 120), lintel.states())

    accepted = receiver.accepted()
    for stage in later:
        for mood, attempts in (("later", 2), ("twice", 3)):
            address = f"{mood}-{stage}@example.com"
            checks.same(f"{address}: arrives once", 1, len(of(accepted, address)))
            checks.same(f"{address}: state and attempts", ("sent", attempts), state_of(lintel, address)[:2])
    for address in ("gone@example.com", "spam@example.com"):
        checks.same(f"{address}: nothing arrives", 0, len(of(accepted, address)))
        state, attempts, answer = state_of(lintel, address)
        checks.same(f"{address}: given up at once", ("failed", 1), (state, attempts))
        checks.is_true(f"{address}: the answer is kept, the address is not", answer[:3] in ("550", "554") and "@" not in answer, answer)
    checks.same("who is gone is not written to again", [("gone@example.com", "bounced")],
                lintel.rows("SELECT address_folded, reason FROM suppression"))
    checks.same("dead letters", 2, lintel.rows("SELECT COUNT(*) FROM job WHERE state = 'dead'")[0][0])
    copies = of(accepted, "unknown@example.com")
    checks.same("an answer that was lost: a second copy", 2, len(copies))
    checks.same("of the same letter to the byte", 1, len({(line["message_id"], line["raw_sha256"]) for line in copies}))
    checks.same("and nothing else twice", len(accepted), len({(line["message_id"], tuple(line["to"])) for line in accepted}) + 1)

    lintel.create_loan("again", "gone@example.com", "other@example.com")
    checks.is_true("a bounced address gets nothing more", wait_for(
        lambda: lintel.rows("SELECT COUNT(*) FROM delivery WHERE state = 'suppressed'")[0][0] == 1), lintel.states())
    checks.same("the dead letters are tried again", 0, lintel.run("admin", "jobs", "retry", "--all")[0])
    checks.is_true("and one of them arrives", wait_for(lambda: of(receiver.accepted(), "spam@example.com")))
    checks.is_true("everything comes to an end", wait_for(lambda: settled(lintel)), lintel.states())
    sent = lintel.states().get("sent", 0)
    checks.same("taken by the receiver, and sent", sent + 1, len(receiver.accepted()))
    checks.same("the server stops well", 0, lintel.stop())
    receiver.stop()


def many_at_once(checks, folder, program):
    """One mail to several addresses of a customer system: each gets it, nobody learns of the hidden ones."""
    receiver = Receiver(os.path.join(folder, "crm.jsonl")).start()
    lintel = Lintel(program, MAIL_URL=f"smtp://127.0.0.1:{receiver.port}?tls=none").start()
    people = {"toEmailAddresses": ["to1@example.com", "to2@example.com"], "ccEmailAddresses": ["cc@example.com"],
              "bccEmailAddresses": ["hidden@example.com"], "replytoAddress": ["crm@example.com"]}
    action = {"actionType": "sendEmail", "crmID": "22102183", "actionData": {
        "emailCRMID": "smtp-1", "emailCode": "test", "emailTargetType": "LenderUser", "emailSenderAddress": "crm@example.com",
        "emailSenderName": "Customer System", "emailRecipients": people, "emailSubject": "Żółć to four",
        "emailBody": "<p>Hello<br>.<br>there</p>"}}
    events = [{"crmEventID": "smtp-event-1", "actionList": [action]}]
    for _ in range(2):
        answer = lintel.call("create-notifications", events)
        checks.is_true("the event is carried out", "error" not in str(answer).lower(), answer)
    checks.is_true("everything is sent", wait_for(lambda: settled(lintel)), lintel.states())
    accepted = receiver.accepted()
    counts_agree(checks, "customer system", lintel, accepted)
    everybody = sorted(sum((line["to"] for line in accepted), []))
    checks.same("each address once", ["cc@example.com", "hidden@example.com", "to1@example.com", "to2@example.com"], everybody)
    checks.same("one letter", 1, len({(line["message_id"], line["raw_sha256"]) for line in accepted}))
    checks.is_true("that names nobody hidden", all(b"hidden@" not in line["raw"] for line in accepted))
    checks.same("its subject", {"Żółć to four"}, {line["subject"] for line in accepted})
    checks.same("the server stops well", 0, lintel.stop())
    receiver.stop()


def start_receiver(folder, port, *more):
    out = os.path.join(folder, "killed.jsonl")
    process = subprocess.Popen(
        [sys.executable, os.path.join(HERE, "receiver.py"), "--port", str(port), "--out", out, *more],
        stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline().rsplit(":", 1)[1]), out


def killed_in_the_middle(checks, folder, program):
    """The mail server dies while a letter is on its way, more letters are written, it comes back."""
    marker, rules = os.path.join(folder, "marker"), os.path.join(folder, "rules.json")
    with open(rules, "w", encoding="utf-8") as file:
        file.write('[{"stage": "mid-data", "action": "hang", "touch": "%s"}]' % marker)
    process, port, out = start_receiver(folder, 0, "--rules", rules)
    lintel = Lintel(program, MAIL_URL=f"smtp://127.0.0.1:{port}?tls=none").start()
    lintel.create_loan("kill-0", "wilma@example.com", "otto@example.com")
    checks.is_true("a letter is on its way", wait_for(lambda: os.path.exists(marker)))
    process.kill()
    process.wait()
    for number in range(1, 6):
        lintel.create_loan(f"kill-{number}", f"wilma{number}@example.com", f"otto{number}@example.com")
    tried = wait_for(lambda: lintel.rows("SELECT 1 FROM delivery WHERE state = 'waiting' AND attempts >= 1"))
    checks.is_true("the dead server is missed", tried)
    process, _, out = start_receiver(folder, port)
    checks.is_true("everything is sent once it is back", wait_for(lambda: settled(lintel), 120), lintel.states())
    with open(out, encoding="utf-8") as file:
        accepted = [json.loads(line) for line in file]
    checks.same("twelve letters", 12, len(accepted))
    counts_agree(checks, "killed", lintel, accepted)
    checks.same("the server stops well", 0, lintel.stop())
    process.terminate()
    process.wait(10)


def main():
    program = os.path.abspath(sys.argv[1])
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        for part in (private_and_signed, not_now_and_never, many_at_once, killed_in_the_middle):
            own = os.path.join(folder, part.__name__)
            os.mkdir(own)
            print(f"mail: {part.__doc__.splitlines()[0]}", flush=True)
            part(checks, own, program)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
