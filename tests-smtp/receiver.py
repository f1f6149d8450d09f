"""A mail server for tests: it takes mail over a real connection, with TLS and passwords when told so,
and misbehaves by rules.

As a program:

    receiver.py --port 0 --out FILE.jsonl [--ready FILE] [--cert CERT.pem --key KEY.pem] [--require-tls]
                [--implicit-tls] [--user NAME --password PW] [--rules RULES.json] [--delay-ms N] [--keep FOLDER]

The first line it prints is "listening on 127.0.0.1:PORT"; with --ready the port is written there too.
For every message taken one line of JSON is in FILE before the sender gets its 250. It ends with SIGTERM.

In a test: Receiver(out, ...).start(), .port, .rule(...), .accepted(), .stop().

A rule is what to do the next `times` times (0: always) at a stage, for recipients that contain `to`:

    {"stage": "rcpt", "to": "greylisted", "times": 1, "answer": "451 4.7.1 come back"}

Stages: connect, mail, rcpt, data (before the letter), mid-data (a part of it was read), content (all of it
was read, nothing is kept), after-data (it was kept). Instead of an answer, "action": "close" breaks the
connection off, "hang" keeps it open and says nothing; "touch": a file made when the rule is followed.
"""

import argparse
import asyncio
import email
import email.policy
import hashlib
import json
import logging
import os
import signal
import ssl
import threading
import time

from aiosmtpd.smtp import SMTP, AuthResult


# Connections that break off by a rule are no news.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


class Rules:
    """What to do differently, changed while the server runs."""

    def __init__(self, path=None):
        self._lock = threading.Lock()
        self._list = []
        if path:
            with open(path, encoding="utf-8") as file:
                self._list = [{"times": 1, **rule} for rule in json.load(file)]

    def add(self, stage, **rule):
        with self._lock:
            self._list.append({"stage": stage, "times": 1, **rule})

    def clear(self):
        with self._lock:
            self._list.clear()

    def take(self, stage, recipients=()):
        """The rule that is followed now, if any. Counts it."""
        with self._lock:
            for rule in self._list:
                wanted = rule.get("to")
                if rule["stage"] != stage:
                    continue
                if wanted and not any(wanted in address for address in recipients):
                    continue
                if rule["times"] == 1:
                    self._list.remove(rule)
                elif rule["times"] > 1:
                    rule["times"] -= 1
                if rule.get("touch"):
                    with open(rule["touch"], "w", encoding="utf-8") as file:
                        file.write(str(os.getpid()))
                return rule
        return None


class Broken(Exception):
    """The rule broke the connection off."""


class Conversation(SMTP):
    """One connection. Where the library has no hook, its methods are wrapped."""

    def __init__(self, receiver, **options):
        self.receiver = receiver
        self.number = receiver.next_session()
        super().__init__(receiver, **options)

    async def follow(self, stage, recipients=()):
        """Follows a rule; the answer to give, or None for the usual one."""
        rule = self.receiver.rules.take(stage, recipients)
        if rule is None:
            return None
        if rule.get("action") == "hang":
            await asyncio.sleep(3600)
        if rule.get("action") in ("hang", "close"):
            self.transport.abort()
            raise Broken
        return rule["answer"]

    def connection_made(self, transport):
        rule = self.receiver.rules.take("connect") if self.transport is None else None
        if rule is not None:
            transport.write((rule.get("answer", "") + "\r\n").encode() if rule.get("answer") else b"")
            transport.close()
            return
        super().connection_made(transport)

    async def _handle_client(self):
        try:
            await super()._handle_client()
        except Broken:
            pass

    async def smtp_DATA(self, arg):
        answer = await self.follow("data", self.envelope.rcpt_tos)
        if answer is not None:
            await self.push(answer)
            return
        middle = self.receiver.rules.take("mid-data", self.envelope.rcpt_tos)
        if middle is not None:
            await self.push("354 go ahead")
            await self._reader.read(100)
            if middle.get("action") == "hang":
                await asyncio.sleep(3600)
            self.transport.abort()
            raise Broken
        await super().smtp_DATA(arg)


class Receiver:
    """The server, in a thread of its own."""

    def __init__(self, out, port=0, cert=None, key=None, require_tls=False, implicit_tls=False,
                 user=None, password=None, rules=None, delay=0.0, keep=None):
        self.rules = Rules(rules)
        self.port = port
        self._out = open(out, "a", encoding="utf-8")  # noqa: SIM115 - as long as the server
        self._credentials = (user, password) if user else None
        self._delay, self._keep = delay, keep
        self._implicit_tls, self._require_tls = implicit_tls, require_tls
        self._context = None
        if cert:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(cert, key)
        self._accepted, self._lock, self._sessions = [], threading.Lock(), 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    # ------------------------------------------------------------ for tests

    def start(self):
        self._thread.start()
        if not self._ready.wait(20):
            raise RuntimeError("the receiver did not start")
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._out.close()

    def rule(self, stage, **rule):
        self.rules.add(stage, **rule)

    def accepted(self):
        with self._lock:
            return list(self._accepted)

    @property
    def sessions(self):
        return self._sessions

    # ------------------------------------------------------------ inside

    def _run(self):
        asyncio.set_event_loop(self._loop)
        options = {"hostname": "receiver.example.com", "enable_SMTPUTF8": False,
                   "command_call_limit": 100000, "data_size_limit": 50_000_000}
        if self._context and not self._implicit_tls:
            options.update(tls_context=self._context, require_starttls=self._require_tls)
        if self._credentials:
            options.update(authenticator=self._authenticate, auth_required=True,
                           auth_require_tls=bool(self._context) and not self._implicit_tls)
        made = self._loop.create_server(
            lambda: Conversation(self, loop=self._loop, **options), "127.0.0.1", self.port,
            ssl=self._context if self._implicit_tls else None)
        server = self._loop.run_until_complete(made)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0.05))

    def next_session(self):
        self._sessions += 1
        return self._sessions

    def _authenticate(self, server, session, envelope, mechanism, data):
        pair = (data.login.decode(), data.password.decode())
        if pair == self._credentials:
            session.lintel_user = pair[0]
            return AuthResult(success=True, auth_data=pair[0])
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await server.follow("mail", [address])
        if answer is not None:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await server.follow("rcpt", [address])
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        answer = await server.follow("content", envelope.rcpt_tos)
        if answer is not None:
            return answer
        if self._delay:
            await asyncio.sleep(self._delay)
        number = self._take(server, session, envelope)
        answer = await server.follow("after-data", envelope.rcpt_tos)
        return answer or f"250 2.0.0 taken as {number}"

    def _take(self, server, session, envelope):
        raw = envelope.original_content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        with self._lock:
            number = len(self._accepted) + 1
            line = {
                "n": number, "message_id": str(message["Message-ID"]), "from": envelope.mail_from,
                "to": envelope.rcpt_tos, "subject": str(message["Subject"]),
                "tls": session.ssl is not None or self._implicit_tls,
                "user": getattr(session, "lintel_user", None), "bytes": len(raw), "session": server.number,
                "raw_sha256": hashlib.sha256(raw).hexdigest(), "at": time.time(),
            }
            self._accepted.append({**line, "raw": raw, "message": message})
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()
        if self._keep:
            with open(os.path.join(self._keep, f"{number}.eml"), "wb") as file:
                file.write(raw)
        return number


def main():
    parser = argparse.ArgumentParser(description="a mail server for tests")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--out", required=True)
    parser.add_argument("--ready")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--require-tls", action="store_true")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--rules")
    parser.add_argument("--delay-ms", type=int, default=0)
    parser.add_argument("--keep")
    given = parser.parse_args()
    receiver = Receiver(
        given.out, port=given.port, cert=given.cert, key=given.key, require_tls=given.require_tls,
        implicit_tls=given.implicit_tls, user=given.user, password=given.password, rules=given.rules,
        delay=given.delay_ms / 1000, keep=given.keep).start()
    print(f"listening on 127.0.0.1:{receiver.port}", flush=True)
    if given.ready:
        with open(given.ready, "w", encoding="utf-8") as file:
            file.write(str(receiver.port))
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    over.wait()
    receiver.stop()


if __name__ == "__main__":
    main()
