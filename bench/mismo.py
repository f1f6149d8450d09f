"""lxml on the very documents of `lintel bench mismo`: `mismo.py FILE...`, a JSON line for each file.

Parsing alone: no value is looked at, nothing is checked but well-formedness. A second figure walks the
tree once and gathers every text, which is the least that reading a loan would need. CPU time of the process,
the middle of several rounds.
"""
import json
import statistics
import sys
import time

from lxml import etree

ROUNDS, LEAST_SECONDS = 7, 0.25
SPACE = "{http://www.mismo.org/residential/2009/schemas}"


def middle(work):
    """Nanoseconds of one call."""
    spans = []
    for _ in range(ROUNDS):
        calls, start = 0, time.process_time()
        while (passed := time.process_time() - start) < LEAST_SECONDS:
            work()
            calls += 1
        spans.append(passed / calls)
    return statistics.median(spans) * 1e9


for file in sys.argv[1:]:
    with open(file, "rb") as handle:
        data = handle.read()
    root = etree.fromstring(data)
    counts = {name: len(root.findall(f".//{SPACE}{name}")) for name in ("ASSET", "LIABILITY", "PARTY", "EMPLOYER")}
    walk = lambda: [element.text for element in etree.fromstring(data).iter()]
    print(
        json.dumps(
            {
                "bytes": len(data),
                "parse_ns": middle(lambda: etree.fromstring(data)),
                "walk_ns": middle(walk),
                "version": etree.__version__,
                "counts": [counts["ASSET"], counts["LIABILITY"], counts["PARTY"], counts["EMPLOYER"]],
            }
        ),
        flush=True,
    )
