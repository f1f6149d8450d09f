"""What schemathesis is told about a server: ids that exist, so that every operation gets past 404.

Loaded by `schemathesis run` (SCHEMATHESIS_HOOKS); the file named by LINTEL_IDS has the ids."""

import json
import os

import schemathesis
from schemathesis.generation import GenerationMode

with open(os.environ["LINTEL_IDS"], encoding="utf-8") as file:
    KNOWN = json.load(file)

SEEN = {"cases": 0}


def is_negative(case):
    """Whether the path was made to be wrong, and has to stay so."""
    meta = case.meta
    return meta is not None and meta.generation.mode == GenerationMode.NEGATIVE


def known(case, name):
    """An id that exists. What a request may end is taken from those kept for it."""
    spare = KNOWN["spare"].get(name)
    ends = case.method.upper() == "DELETE" and case.operation.path.endswith("{%s}" % name)
    if name == "notificationType" and ends:
        return 7
    if spare and (ends or case.operation.path == "/processes"):
        return spare[SEEN["cases"] % len(spare)]
    return KNOWN["path"].get(name)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Three of four well-formed requests are about something that is there."""
    SEEN["cases"] += 1
    if SEEN["cases"] % 4 and not is_negative(case):
        for name in list(case.path_parameters or {}):
            if name in KNOWN["path"]:
                case.path_parameters[name] = known(case, name)
        if isinstance(case.body, dict):
            for name in ("simulationUniqueId", "processUniqueId"):
                if isinstance(case.body.get(name), str):
                    case.body[name] = known(case, name)
        if case.operation.path == "/authentication":
            case.headers.update(KNOWN["login"])
    if isinstance(case.body, dict) and str(case.body.get("callbackUrl", "")).lower().startswith("https:"):
        # Names in the wide world are nobody's to ask for.
        case.body["callbackUrl"] = KNOWN["callbackUrl"]
