"""What uploads and downloads of large documents cost a server: `documents.py --lintel BINARY`.

Starts a server on a fresh folder (or with --database-url on an empty PostgreSQL database), makes one
loan and, with the standard library alone:

* uploads FILES files of MIB MiB each, one call at a time, several calls at once, and all in one call,
  while reading the server's resident memory several times a second;
* downloads them one by one and as one zip, and compares every byte;
* with --kill: uploads again, kills the server with SIGKILL in the middle, starts it again, and looks for
  halves: everything that was acknowledged is there byte for byte, nothing else is.

Memory is shown beside its rivals: the file's own size, and the server at rest. The stated bound is
12 MiB for each upload or download that is running.
"""
import argparse
import base64
import concurrent.futures
import hashlib
import http.client
import io
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zipfile

MIB = 1024 * 1024
BOUND_MIB = 12
HERE = pathlib.Path(__file__).resolve().parent


def document(seed, size):
    """A small real document made as long as wanted by a stream of random bytes."""
    head = (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
            b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n")
    tail = b"\nendstream\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF\n"
    body = random.Random(seed).randbytes(max(0, size - len(head) - len(tail) - 60))
    stream = b"3 0 obj\n<< /Length %d >>\nstream\n" % len(body)
    return head + stream + body + tail


class Server:
    """One server process, its address and its memory."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.start()

    def start(self):
        command = [self.options.lintel, "serve", "--demo", "--data-folder", str(self.folder),
                   "--listen", "127.0.0.1:0"]
        if self.options.database_url:
            command += ["--database-url", self.options.database_url]
        errors = open(self.folder / "server.err", "a")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        for line in self.process.stdout:
            if "Listening on http://" in line:
                self.address = line.split("http://")[1].split()[0]
                break
        else:
            sys.exit(f"the server did not start: see {self.folder}/server.err")
        threading.Thread(target=lambda: self.process.stdout.read(), daemon=True).start()
        demo = json.loads((self.folder / "demo-credentials.json").read_text())
        self.keys = {"format": "json", "apiID": demo["apiID"], "apiKey": demo["apiKey"]}
        self.keys["accessToken"] = self.call("access-token", None)["accessToken"]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def resident_mib(self, key="VmRSS"):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
        return 0.0

    def post(self, path, fields):
        """The raw answer. The body is sent in pieces, so that this side holds little too."""
        connection = http.client.HTTPConnection(self.address, timeout=900)
        length = sum(len(part) for part in fields)
        connection.request("POST", f"/api/lender/{path}", body=iter(fields), headers={
            "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(length)})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def call(self, path, data, *contents):
        """`contents` are put in the place of the texts @0, @1 ... of the payload."""
        pieces = [urllib.parse.urlencode(self.keys).encode()]
        if data is not None:
            text = json.dumps(data)
            pieces.append(b"&data=")
            for number, content in enumerate(contents):
                before, text = text.split(f"@{number}@", 1)
                pieces.append(urllib.parse.quote(before).encode())
                encoded = base64.b64encode(content)
                for at in range(0, len(encoded), MIB):
                    pieces.append(urllib.parse.quote(encoded[at:at + MIB], safe="").encode())
            pieces.append(urllib.parse.quote(text).encode())
        status, headers, body = self.post(path, pieces)
        if headers["Content-Type"].startswith("application/json"):
            answer = json.loads(body)
            if "error" in (answer or {}):
                raise RuntimeError(f"{path}: {status} {answer['error']}")
            return answer
        return body


class Watch:
    """The most memory a server held while something ran."""

    def __init__(self, server):
        self.server, self.most, self.done = server, 0.0, threading.Event()

    def __enter__(self):
        self.rest = self.server.resident_mib()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        self.since = time.monotonic()
        return self

    def look(self):
        while not self.done.wait(0.02):
            self.most = max(self.most, self.server.resident_mib())

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.since
        self.done.set()
        self.thread.join()

    @property
    def growth(self):
        return max(0.0, self.most - self.rest)


def upload(server, loan, numbers, contents):
    documents = [{"fileName": f"paper {n}", "fileFormat": "pdf", "fileContent": f"@{at}@",
                  "documentType": "LoanDoc", "loanDocType": "misc"} for at, n in enumerate(numbers)]
    answer = server.call("upload-documents", {"loanPublicID": loan, "documents": documents}, *contents)
    return [document["docID"] for document in answer["documents"]]


def line(what, watch, running, size_mib, total_mib):
    bound = BOUND_MIB * running
    verdict = "within" if watch.growth <= bound else "BEYOND"
    print(f"{what:34} {watch.seconds:7.1f} s  {total_mib / watch.seconds:7.1f} MiB/s  grew by "
          f"{watch.growth:6.1f} MiB, {verdict} {bound} MiB; a whole file is {size_mib:.0f} MiB, "
          f"all are {total_mib:.0f} ({total_mib / max(watch.growth, 0.1):.0f}x)", flush=True)
    return watch.growth <= bound


def measure(server, options):
    loan = make_loan(server, "BENCH-1")
    size, files = options.mib * MIB, options.files
    contents = [document(seed, size) for seed in range(files)]
    total, good, ids = files * options.mib, True, []
    with Watch(server) as watch:
        for number, content in enumerate(contents):
            ids += upload(server, loan, [number], [content])
    good &= line(f"{files} calls, one at a time", watch, 1, options.mib, total)
    with Watch(server) as watch, concurrent.futures.ThreadPoolExecutor(4) as pool:
        again = make_loan(server, "BENCH-2")
        jobs = [pool.submit(upload, server, again, [n], [c]) for n, c in enumerate(contents)]
        [job.result() for job in jobs]
    good &= line(f"{files} calls, four at once", watch, 4, options.mib, total)
    with Watch(server) as watch:
        upload(server, make_loan(server, "BENCH-3"), range(files), contents)
    good &= line(f"{files} files in one call", watch, 1, options.mib, total)
    with Watch(server) as watch:
        for doc, content in zip(ids, contents):
            if server.call("download-documents", {"docID": doc}) != content:
                sys.exit(f"{doc} came back with other bytes")
    good &= line(f"{files} downloads, bytes compared", watch, 1, options.mib, total)
    with Watch(server) as watch:
        packed = server.call("download-documents", {"loanPublicID": loan, "docTypes": ["misc"]})
    good &= line(f"{files} files in one zip", watch, 1, options.mib, total)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        found = sorted(hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist())
    if found != sorted(hashlib.sha256(content).hexdigest() for content in contents):
        sys.exit("the zip holds other bytes")
    return good


def make_loan(server, number):
    document = (HERE.parent / "tests-php" / "loan.xml").read_text()
    data = {"losLoanID": number, "mismo34": document, "inviteBorrowers": 0}
    return server.call("create-loan", data)["publicID"]


def killed(server, options):
    """Kills in the middle of uploads, several times; what was acknowledged must be there, whole."""
    loan = make_loan(server, "KILL-1")
    known, halves, chance = {}, 0, random.Random(1)
    for turn in range(options.kill):
        running, stop = [], threading.Event()

        def keep_uploading(lane):
            number = 0
            while not stop.is_set():
                number += 1
                seed = turn * 1_000_000 + lane * 1000 + number
                content = document(seed, chance.randint(1, 6) * MIB)
                try:
                    for doc in upload(server, loan, [seed], [content]):
                        known[doc] = hashlib.sha256(content).hexdigest()
                except (OSError, http.client.HTTPException, RuntimeError, ValueError):
                    return

        running = [threading.Thread(target=keep_uploading, args=(lane,)) for lane in range(4)]
        [thread.start() for thread in running]
        time.sleep(chance.uniform(0.3, 3.0))
        server.kill()
        stop.set()
        [thread.join() for thread in running]
        server.start()
        listed = server.call("get-loan", {"loanPublicID": loan})["documents"]
        there = {entry["docID"]: entry for entry in listed}
        lost = [doc for doc in known if doc not in there]
        if lost:
            sys.exit(f"acknowledged and lost: {lost}")
        for doc, entry in there.items():
            content = server.call("download-documents", {"docID": doc})
            if hashlib.sha256(content).hexdigest() != entry["sha256"] or known.get(doc, entry["sha256"]) != entry["sha256"]:
                halves += 1
        print(f"kill {turn + 1}: {len(known)} acknowledged, {len(there)} there, {halves} of them not whole", flush=True)
    return halves == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lintel", required=True, help="the binary to measure")
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--mib", type=int, default=20, help="size of each file")
    parser.add_argument("--kill", type=int, default=0, metavar="TIMES", help="kill the server so often")
    parser.add_argument("--database-url", help="an empty PostgreSQL database instead of SQLite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lintel-bench-") as folder:
        server = Server(options, pathlib.Path(folder))
        try:
            good = measure(server, options)
            good &= killed(server, options) if options.kill else True
        finally:
            server.kill()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
