"""A real Lintel server and its database, for the tests of this folder."""

import html.parser
import http.cookiejar
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.path.join(HERE, "..", "tests-php", "loan.xml")


class Checks:
    """Counts what was seen to be so."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def is_true(self, what, good, detail=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}: {detail}", flush=True)

    def same(self, what, expected, actual):
        self.is_true(what, expected == actual, f"expected {expected!r}, got {actual!r}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def wait_for(what, seconds=60.0, pause=0.1):
    """Waits until `what()` is true; its value, or None when the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = what()
        if value:
            return value
        time.sleep(pause)
    return None


def certificates(folder):
    """A root of our own and a server's certificate for localhost: paths of root, certificate, key."""
    at = lambda name: os.path.join(folder, name)  # noqa: E731
    run = lambda *args: subprocess.run(["openssl", *args], check=True, capture_output=True)  # noqa: E731
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Lintel test root",
        "-keyout", at("root.key"), "-out", at("root.pem"), "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign")
    run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", at("server.key"),
        "-out", at("server.csr"))
    with open(at("ext"), "w", encoding="utf-8") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"
                   "extendedKeyUsage=serverAuth\n")
    run("x509", "-req", "-in", at("server.csr"), "-CA", at("root.pem"), "-CAkey", at("root.key"),
        "-CAcreateserial", "-days", "2", "-extfile", at("ext"), "-out", at("server.pem"))
    return at("root.pem"), at("server.pem"), at("server.key")


def signing_key(folder):
    """A key to sign letters with, and what DNS would say of it."""
    path = os.path.join(folder, "dkim.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path],
                   check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", path, "-pubout"], check=True, capture_output=True).stdout
    public = b"".join(line for line in public.splitlines() if not line.startswith(b"-----"))
    return path, b"v=DKIM1; k=rsa; p=" + public


class Form(html.parser.HTMLParser):
    """The hidden fields of a page."""

    def __init__(self, text):
        super().__init__()
        self.hidden = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.hidden[given["name"]] = given.get("value", "")


class Lintel:
    """`lintel serve --demo` on a folder of its own."""

    def __init__(self, program, folder=None, **settings):
        self.program = program
        self.folder = folder or tempfile.mkdtemp(prefix="lintel-smtp-")
        self.settings = settings
        self.process, self.url, self.token = None, None, None
        self.log = os.path.join(self.folder, "log")

    def _environment(self):
        keep = {k: v for k, v in os.environ.items() if not k.startswith("LINTEL_")}
        return keep | {f"LINTEL_{name}": value for name, value in self.settings.items()}

    def start(self):
        with open(self.log, "ab") as errors:
            self.process = subprocess.Popen(
                [self.program, "serve", "--demo", "--data-folder", os.path.join(self.folder, "data"),
                 "--listen", "127.0.0.1:0"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, env=self._environment())
        for line in self.process.stdout:
            found = re.search(r"Listening on (http://[0-9.:]+)", line)
            if found:
                self.url = found.group(1)
                break
        if self.url is None:
            raise RuntimeError("the server did not start:\n" + open(self.log, encoding="utf-8").read()[-3000:])
        with open(os.path.join(self.folder, "data", "demo-credentials.json"), encoding="utf-8") as file:
            self.demo = json.load(file)
        self.token = self.call("access-token")["accessToken"]
        return self

    def stop(self):
        self.process.terminate()
        code = self.process.wait(40)
        self.process, self.url = None, None
        return code

    def kill(self):
        self.process.kill()
        self.process.wait(10)
        self.process, self.url = None, None

    def run(self, *arguments):
        """Another command of the program on the same data."""
        done = subprocess.run([self.program, *arguments, "--data-folder", os.path.join(self.folder, "data")],
                              capture_output=True, text=True, env=self._environment(), check=False)
        return done.returncode, done.stdout + done.stderr

    def call(self, endpoint, data=None):
        fields = {"format": "json", "apiID": self.demo["apiID"], "apiKey": self.demo["apiKey"]}
        if self.token:
            fields["accessToken"] = self.token
        if data is not None:
            fields["data"] = json.dumps(data)
        body = urllib.parse.urlencode(fields).encode()
        try:
            with urllib.request.urlopen(f"{self.url}/api/lender/{endpoint}", body, 60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())

    def post_form(self, path, fields):
        """Fills in the form of a page, as a browser would."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        with opener.open(self.url + path, timeout=30) as page:
            form = Form(page.read().decode())
        body = urllib.parse.urlencode(form.hidden | fields).encode()
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url})
        with opener.open(request, timeout=30) as page:
            return page.status

    def create_loan(self, number, *addresses):
        """A loan whose borrowers are invited to follow it; their addresses replace the sample's."""
        with open(SAMPLE, encoding="utf-8") as file:
            text = file.read()
        for old, new in zip(("wilma.testcase@example.com", "otto.testcase@example.com"), addresses):
            text = text.replace(old, new)
        data = {"losLoanID": f"SMTP-{number}", "mismo34": text, "inviteBorrowers": 1}
        return self.call("create-loan", data)

    def rows(self, query, *values):
        """Rows of the SQLite file, read beside the server."""
        file = os.path.join(self.folder, "data", "lintel.sqlite")
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def states(self):
        """How many deliveries are in each state."""
        return dict(self.rows("SELECT state, COUNT(*) FROM delivery GROUP BY state"))
