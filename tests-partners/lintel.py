"""What the story needs of a server: its programs, a partner who calls, a person at the bank's pages."""

import email
import email.policy
import glob
import html.parser
import http.client
import http.cookies
import json
import os
import random
import subprocess
import urllib.parse

from callbacks import BASE, REQUEST, Checks, Server, wait_for

__all__ = ["BASE", "REQUEST", "Answer", "Checks", "Partner", "Person", "Server", "admin", "another_bank", "exchange",
           "fresh_database", "mails", "settled", "wait_for"]

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}
        self.cookies = [value for name, value in headers if name.lower() == "set-cookie"]

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def errors(self):
        return self.json["errors"]

    def without_correlation(self):
        """Status and bytes, but for the correlation id."""
        mine = self.headers.get("x-correlation-id", "").encode()
        return self.status, self.body.replace(mine, b"ID") if mine else self.body

    def __repr__(self):
        return f"{self.status} {self.body[:600].decode('utf-8', 'replace')}"


def exchange(port, method, path, body=None, headers=None):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        line.close()


class Partner:
    """A user of a broker, of the demo bank unless it is said."""

    def __init__(self, server, broker, network=None):
        self.server, self.network, self.token = server, network or server.bank, None
        self.broker = server.bank["brokers"][broker] if isinstance(broker, int) else broker

    @property
    def id(self):
        return self.broker["brokerUniqueID"]

    def names(self):
        """The login headers of the reference."""
        return {"xClientID": self.network["clientID"], "xClientSecret": self.network["clientSecret"],
                "xBrokerUID": self.id, "xUsername": self.broker["username"]}

    def login(self, headers=None):
        return exchange(self.server.port, "POST", BASE + "/authentication", None, headers or self.names())

    def sign_in(self):
        answer = self.login()
        if answer.status != 200:
            raise RuntimeError(f"signing in: {answer}")
        self.token = answer.json["sessionToken"]
        return self

    def send(self, method, path, body=None, headers=None, token=None):
        headers = dict(headers or {})
        token = token or self.token
        if token:
            headers.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return exchange(self.server.port, method, BASE + path, body, headers)

    def get(self, path, **headers):
        return self.send("GET", path, None, {k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, body=None, **headers):
        body = {} if body is None else body
        return self.send("POST", path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def put(self, path, body, **headers):
        return self.send("PUT", path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def patch(self, path, body, **headers):
        return self.send("PATCH", path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def delete(self, path, body=None, **headers):
        return self.send("DELETE", path, body, {k.replace("_", "-"): v for k, v in headers.items()})


class Forms(html.parser.HTMLParser):
    """The forms of a page, with what a browser would send of each."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.links, self.words = [], [], []
        self.form, self.select, self.area, self.skipped = None, None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag in ("script", "style"):
            self.skipped = tag
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
        if tag == "form":
            self.form = {"action": has.get("action", ""), "method": has.get("method", "get").lower(), "fields": {},
                         "buttons": [], "choices": {}, "names": set(), "encoding": has.get("enctype")}
            self.forms.append(self.form)
        if self.form is None or "name" not in has or "disabled" in has:
            return
        name, value = has["name"], has.get("value") or ""
        self.form["names"].add(name)
        if tag == "input":
            kind = has.get("type", "text")
            if kind in ("checkbox", "radio"):
                self.form["choices"].setdefault(name, []).append(value)
                if "checked" in has:
                    self.form["fields"][name] = value or "on"
            elif kind not in ("submit", "file"):
                self.form["fields"][name] = value
        elif tag == "button":
            self.form["buttons"].append((name, value))
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area, self.form["fields"][name] = name, ""

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_data(self, data):
        if self.skipped is None:
            self.words.append(data)
        if self.area and self.form is not None:
            self.form["fields"][self.area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.area = None
        if tag == self.skipped:
            self.skipped = None


class Options(html.parser.HTMLParser):
    """The values of each select of a page, and the one that is chosen."""

    def __init__(self, text):
        super().__init__()
        self.name, self.values, self.chosen = None, {}, {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        if tag == "select":
            self.name = has.get("name")
        if tag == "option" and self.name:
            value = has.get("value") or ""
            self.values.setdefault(self.name, []).append(value)
            if "selected" in has or self.name not in self.chosen:
                self.chosen[self.name] = value

    def handle_endtag(self, tag):
        if tag == "select":
            self.name = None


class Person:
    """Somebody at the bank, in front of its pages: cookies, forms and their tokens, nothing else."""

    def __init__(self, server, address):
        self.server, self.address = server, address
        self.cookies = {}
        self.page, self.path = None, "/"

    def ask(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers.setdefault("Accept-Language", "en")
        answer = exchange(self.server.port, method, path, body, headers)
        for line in answer.cookies:
            for name, kept in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = kept.value
        return answer

    def visit(self, path):
        """A page, with redirections followed as a browser does."""
        answer = self.ask("GET", path)
        for _ in range(5):
            if answer.status not in (302, 303, 307):
                break
            path = urllib.parse.urljoin(path, answer.headers["location"])
            answer = self.ask("GET", path)
        self.page, self.path = answer, path
        return answer

    @property
    def text(self):
        return self.page.body.decode("utf-8", "replace")

    @property
    def words(self):
        return " ".join(" ".join(Forms(self.text).words).split())

    def forms(self):
        return Forms(self.text).forms

    def links(self):
        return Forms(self.text).links

    def form(self, ending):
        """The form of this page whose action ends so."""
        found = [form for form in self.forms() if form["action"].split("?")[0].endswith(ending)]
        if not found:
            raise RuntimeError(f"{self.path} ({self.page.status}) has no form {ending}: "
                               f"{[(f['action'], sorted(f['names'])) for f in self.forms()]} {self.words[:600]}")
        return found[0]

    def fill(self, ending, **values):
        """Fills in a form of this page and sends it; None unticks a box."""
        form, options = self.form(ending), Options(self.text)
        fields = {name: options.chosen[name] for name in form["names"] if name in options.chosen}
        fields |= form["fields"] | values
        return self.hand_in(form["action"] or self.path, fields)

    def hand_in(self, action, fields):
        body = urllib.parse.urlencode({name: value for name, value in fields.items() if value is not None})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
                   "Origin": f"http://127.0.0.1:{self.server.port}"}
        action = urllib.parse.urljoin(self.path, action)
        answer = self.ask("POST", action, body.encode(), headers)
        if answer.status in (302, 303):
            return self.visit(urllib.parse.urljoin(action, answer.headers["location"]))
        self.page, self.path = answer, action
        return answer

    def sign_in(self):
        self.visit("/lender/sign-in")
        self.fill("/lender/sign-in", email=self.address, password=self.server.bank["staffPassword"])
        if "password" in self.form_names():
            raise RuntimeError(f"{self.address} could not sign in: {self.words[:300]}")
        return self

    def form_names(self):
        return {name for form in self.forms() for name in form["names"]}


def admin(server, *words):
    """Runs `lintel admin …` on the server's database."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LINTEL_")}
    environment |= {f"LINTEL_{name}": value for name, value in server.settings.items()}
    folder = os.path.join(server.folder, "data")
    done = subprocess.run([server.program, "admin", *words, "--data-folder", folder], env=environment,
                          capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"admin {words}: {done.stderr[-500:]}")
    return done.stdout


def printed(text, name):
    """A value `lintel admin` printed."""
    return next(line[len(name):].strip() for line in text.splitlines() if line.startswith(name))


def settled(server, org, name, nif):
    """A network of a bank with a broker and a user, who is signed in."""
    made = admin(server, "network", "add", "--org", org, "--name", f"Rede {name}")
    client, secret = printed(made, "client id"), printed(made, "client secret")
    made = admin(server, "intermediary", "add", "--org", org, "--network", client, "--name", name, "--nif", nif,
                 "--email", f"{name}@example.com")
    broker = {"brokerUniqueID": printed(made, "UniqueID"), "brokerID": int(printed(made, "number")), "nif": nif,
              "username": f"{name}.user@example.com"}
    admin(server, "partner-user", "add", "--org", org, "--broker", str(broker["brokerID"]), "--name", "Rui Exemplo",
          "--email", broker["username"])
    return Partner(server, broker, {"clientID": client, "clientSecret": secret}).sign_in()


def another_bank(server):
    made = admin(server, "org", "create", "--name", "Banco Outro (teste)", "--kind", "bank", "--admin-email",
                 "rita.chefe@example.com", "--admin-first-name", "Rita", "--admin-last-name", "Chefe", "--admin-phone",
                 "+351910000001")
    return printed(made, "lenderID")


def mails(server, address):
    """Every mail to an address that the server put down, as read by Python."""
    found = []
    for name in sorted(glob.glob(os.path.join(server.folder, "data", "mail", "**", "*.eml"), recursive=True)):
        with open(name, "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        if address in (mail["To"] or ""):
            found.append(mail)
    return found


def fresh_database(url):
    """The URL of a new, empty database of a PostgreSQL server."""
    name = f"lintel_story_{os.getpid()}_{random.randrange(1 << 30)}"
    text = f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text, url], check=True, capture_output=True,
                   timeout=60)
    return urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()
