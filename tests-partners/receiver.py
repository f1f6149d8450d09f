"""A partner's HTTPS server that verifies what it is told, and can be told how to misbehave."""

import http.server
import json
import os
import ssl
import subprocess
import threading
import time

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def certificates(folder, names=("localhost", "hooks.example.com", "rebind.example.com")):
    """A root of our own and a server's certificate: paths of root, certificate, key."""
    at = lambda name: os.path.join(folder, name)  # noqa: E731
    run = lambda *args: subprocess.run(["openssl", *args], check=True, capture_output=True)  # noqa: E731
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Lintel test root",
        "-keyout", at("root.key"), "-out", at("root.pem"), "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign")
    run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", at("server.key"),
        "-out", at("server.csr"))
    listed = ",".join(f"DNS:{name}" for name in names)
    with open(at("ext"), "w", encoding="utf-8") as file:
        file.write(f"subjectAltName={listed},IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
    run("x509", "-req", "-in", at("server.csr"), "-CA", at("root.pem"), "-CAkey", at("root.key"),
        "-CAcreateserial", "-days", "2", "-extfile", at("ext"), "-out", at("server.pem"))
    return at("root.pem"), at("server.pem"), at("server.key")


class Event:
    """One call that came."""

    def __init__(self, path, headers, body, secret, answered):
        self.path, self.headers, self.body = path, headers, body
        self.id = headers.get("webhook-id")
        self.at = time.monotonic()
        self.answered = answered
        self.json, self.error = None, None
        try:
            if secret is None:
                raise WebhookVerificationError("no secret is known for this path")
            Webhook(secret).verify(body, headers)
            self.json = json.loads(body)
        except (WebhookVerificationError, ValueError) as error:
            self.error = f"{type(error).__name__}: {error}"

    @property
    def type(self):
        return self.json["type"] if self.json else None

    @property
    def data(self):
        return self.json["data"] if self.json else {}

    @property
    def subject(self):
        return self.data.get("processUniqueID") or self.data.get("simulationUniqueID")


class Receiver:
    """Listens on 127.0.0.1 with TLS. Each path has a secret and a way to answer:

    - a number: that status
    - a list of numbers: one after the other, then 200
    - "slow": 200 after `slow` seconds
    - "redirect": 307 to `elsewhere`
    - "drip": the head at once, the body without end
    - "hang": no answer as long as the receiver lives
    - "cut": the connection is closed without an answer
    """

    def __init__(self, folder, port=0):
        self.folder = folder
        self.root, self.certificate, self.key = certificates(folder)
        self.port = port
        self.events, self.ways, self.secrets = [], {}, {}
        self.elsewhere, self.slow = "https://localhost:1/", 3.0
        self.lock = threading.Lock()
        self.server = None

    def start(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                receiver.answer(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        # The handshake belongs to the thread of the connection, not to the one that accepts.
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        """Down: nobody listens any more. `start` brings it back on the same port."""
        self.server.shutdown()
        self.server.server_close()
        self.server = None

    def url(self, path, host="localhost"):
        return f"https://{host}:{self.port}{path}"

    def answer(self, call):
        body = call.rfile.read(int(call.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in call.headers.items()}
        with self.lock:
            way = self.ways.get(call.path, 200)
            if isinstance(way, list):
                way = way.pop(0) if way else 200
            self.events.append(Event(call.path, headers, body, self.secrets.get(call.path), way))
        if way == "hang":
            time.sleep(3600)
        if way == "cut":
            call.connection.close()
            return
        status = way if isinstance(way, int) else 200
        if way == "slow":
            time.sleep(self.slow)
        if way == "redirect":
            status = 307
        call.send_response(status)
        if way == "redirect":
            call.send_header("location", self.elsewhere)
        call.send_header("x-answered-by", "receiver")
        if way == "drip":
            call.send_header("content-length", str(1 << 30))
            call.end_headers()
            while True:
                call.wfile.write(b"x" * 65536)
        call.send_header("content-length", "2")
        call.end_headers()
        call.wfile.write(b"ok")

    def taken(self, path=None):
        """What came, as far as it was for a path, in order."""
        with self.lock:
            return [e for e in self.events if path is None or e.path == path]

    def forget(self):
        with self.lock:
            self.events.clear()
