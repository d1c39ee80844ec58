"""Verifies a bundle of 'incident journal prove'. Shares no code with the product; needs Python 3.8 and nothing else.

    verify_proof.py BUNDLE [--key FINGERPRINT] [--exempt @handle ...]

--key: SHA-256 (hex) of the public key that must have signed the end of the chain. Without it, who can write the journal could have made the bundle.
--exempt: who may act under a halt besides @operator, the system and the sources of alerts: the operators and owners of your roster.
Exit code 0: it holds. The encoding is described in docs/SECURITY.md."""
import argparse, base64, hashlib, json, re, sys

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
ENFORCED = ("enforce", "outside", "read-only")
SOURCES = ["@system", "@alertmanager", "@pagerduty", "@probe"]

def require(holds, sentence):
    if not holds:
        raise ValueError(sentence)

def add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], P - 2, P) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], P - 2, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P

def times(k, p):
    total = None
    while k:
        total, p, k = add(total, p) if k & 1 else total, add(p, p), k >> 1
    return total

def signed(key, content, signature):
    """ECDSA with SHA-256 on P-256."""
    number = lambda octets: int.from_bytes(octets, "big")
    der, rs = base64.b64decode(key), base64.b64decode(signature)
    require(der.startswith(SPKI) and len(der) == len(SPKI) + 64 and len(rs) == 64, "the key or the signature is malformed")
    x, y, r, s = number(der[-64:-32]), number(der[-32:]), number(rs[:32]), number(rs[32:])
    require((y * y - x ** 3 + 3 * x - B) % P == 0 and 0 < r < N and 0 < s < N, "the key or the signature is malformed")
    inverse = pow(s, N - 2, N)
    point = add(times(number(hashlib.sha256(content).digest()) * inverse % N, G), times(r * inverse % N, (x, y)))
    return point is not None and point[0] % N == r

def digest(*fields):
    texts = [None if field is None else str(field).encode() for field in fields]
    return hashlib.sha256(b"".join(b"\xff" * 4 if text is None else len(text).to_bytes(4, "big") + text for text in texts)).digest()

def row(e):
    """Of an event in the archive of another incident only the digest is known."""
    return bytes.fromhex(e["digest"]) if "digest" in e else digest(e["cursor"], e["actor"], e["version"], e["name"], e["at"], e["by"], e["payloadHash"], e.get("incident"), e.get("cause"),
                  e.get("token"), e.get("trace"))

def chain(seals, fingerprint):
    """The events, after every hash was computed again. The signature of the last seal covers all of them."""
    events, before, gap = [], None, False
    for part in seals:
        s, found = part["seal"], part.get("events")
        follows = before is None or (s["previous"] == before["hash"] and s["number"] == before["number"] + 1)
        require(follows, f"seal {s['number']} does not continue the chain")
        computed = digest(s["number"], s["to"], s["count"], s["at"], int(s["late"]), s["rows"], s["previous"], s.get("key"))
        require(computed.hex() == s["hash"], f"seal {s['number']} was changed")
        require(found is None or not gap, "events are missing between two seals")
        gap, before = found is None, s
        for e in found or []:
            content = e.get("payload")
            require("digest" in e or content is None or hashlib.sha256(content.encode()).hexdigest() == e["payloadHash"], f"the content of {e['cursor']} was changed")
        rows = hashlib.sha256(b"".join(map(row, found or []))).hexdigest()
        require(gap or (len(found) == s["count"] and rows == s["rows"]), f"the events of seal {s['number']} were changed")
        events += found or []
    if fingerprint or "key" in before:
        require(signed(before["key"], bytes.fromhex(before["hash"]), before["signature"]), "the signature does not hold")
        known = hashlib.sha256(base64.b64decode(before["key"])).hexdigest()
        require(fingerprint in (None, known), "the chain was signed by another key")
        print(f"signed by {known}")
    else:
        print("not signed")
    return events

def opened(events, subject, incident):
    """Every event of the subject, each with its content."""
    mine = [e for e in events if e["actor"] == subject or (incident and e.get("incident") == incident)]
    require(any(e["actor"] == subject and e["version"] == 1 for e in mine), f"the beginning of {subject} is missing")
    require(all("payload" in e for e in mine), f"content of {subject} is withheld")
    for actor in {e["actor"] for e in mine if e["version"] == 1}:
        versions = [e["version"] for e in events if e["actor"] == actor]
        require(versions == list(range(1, len(versions) + 1)), f"events of {actor} are missing")
    return [(e, json.loads(e["payload"])) for e in mine]

def incident(events, subject):
    """Who did what, and each decision with the content that it was for: one event asks, so that what was asked cannot change."""
    asked, elsewhere = {}, sum("digest" in e for e in events)
    if elsewhere:
        print(f"of {elsewhere} events of other incidents only the digests are here: they are in archives")
    for e, what in opened(events, subject, subject.partition("/")[2]):
        print(f"{e['cursor']} {e['name']} of {e['actor']} by {e['by']}")
        if e["name"] == "approval.requested.v1":
            asked[e["actor"]] = what
        elif e["name"] in ("approval.given.v1", "approval.decided.v1"):
            require(e["actor"] in asked, f"{e['actor']} was decided, and what it asked is missing")
            question, approved = asked[e["actor"]], what.get("approved", True)
            require(what.get("content") in (None, question["content"]), f"{e['actor']} was decided for other content than it asked about")
            given = question.setdefault("given", set())
            how = ("approved" if approved else "rejected") + " by " + ("time" if what.get("automatic") else e["by"])
            print(f"  {how}{' for ' + what['for'] if what.get('for') else ''}, for content {question['content']} of {question['atpId']}")
            given.add(e["by"])
            if e["name"] == "approval.decided.v1" and approved and len(given) < (question.get("approvers") or 1):
                print(f"  {len(given)} of {question['approvers']} persons: an override must follow")

class Known:
    """What the history says of agents, ATPs, permits and incidents up to a place: whom halts cover follows from it."""
    def __init__(self):
        self.versions, self.withheld, self.of = {}, set(), {}

    def read(self, e):
        actor, name = e["actor"], e["name"]
        if e["version"] == 1:
            self.versions[actor], self.of[actor] = 0, {"people": set(), "labels": {}, "ongoing": True}
        if actor not in self.versions:
            return
        self.versions[actor] += 1
        require(self.versions[actor] == e["version"], f"events of {actor} are missing")
        if name not in FACTS:
            return
        if "payload" in e:
            FACTS[name](self.of[actor], json.loads(e["payload"]))
        else:
            self.withheld.add(actor)

    def __call__(self, actor):
        require(actor in self.versions, f"the beginning of {actor} is missing")
        require(actor not in self.withheld, f"content of {actor} is withheld")
        return self.of[actor]

def declared(known, what):
    known.update(severity=what["severity"], commander=what["commander"], labels=dict(what["labels"]))
    known["people"] = {one["handle"] for one in what["responders"]}

def recategorized(known, what):
    known["people"] = known["people"] - set(what["left"]) | set(what["joined"])

FACTS = {
    "agent.registered.v1": lambda known, what: known.update(team=what.get("team")),
    "agent.acts-for.v1": lambda known, what: known.update(team=what.get("team")),
    "atp.created.v1": lambda known, what: known.update(urgent=what["urgent"]),
    "permit.granted.v1": lambda known, what: known.update(permit=what),
    "incident.declared.v1": declared,
    "incident.labels-set.v1": lambda known, what: known["labels"].update(what["labels"]),
    "incident.severity-changed.v1": lambda known, what: known.update(severity=what["to"]),
    "incident.responder-added.v1": lambda known, what: known["people"].add(what["responder"]["handle"]),
    "incident.commander-changed.v1": lambda known, what: known.update(commander=what["to"]),
    "incident.recategorized.v1": recategorized,
    "incident.resolved.v1": lambda known, what: known.update(ongoing=False),
    "incident.reopened.v1": lambda known, what: known.update(ongoing=True),
    "incident.closed.v1": lambda known, what: known.update(ongoing=False),
    "incident.canceled.v1": lambda known, what: known.update(ongoing=False),
}

class Subject:
    """What halts are compared with: who acted, on what, for which incident. It follows from the history before the turn."""
    def __init__(self, known, turn):
        # An approval is decided by its ATP's turn.
        home = next((e for e in turn if e["actor"].startswith("atp/")), turn[0]) if turn[0]["actor"].startswith("approval/") else turn[0]
        self.known, self.by, self.names = known, home["by"], {e["name"] for e in turn}
        self.kind, _, self.key = home["actor"].partition("/")
        self.incident = self.key if self.kind == "incident" else home.get("incident")
        self.permit = known(home["actor"])["permit"] if self.kind == "permit" and self.names & {"permit.granted.v1", "permit.renewed.v1"} else None

    def exempt(self):
        """What no halt covers: declarations, alerts, what is needed to see and to lift a halt, reports on permits, broken glass."""
        alerts = self.names & {"incident.alerts-joined.v1", "incident.condition-met.v1"} and "incident.severity-changed.v1" not in self.names
        if self.permit and not self.permit.get("subject"):
            require(self.permit.get("breakGlass"), f"{self.key} of {self.by} was granted without a subject")
            print(f"  {self.key} of {self.by} broke the glass: {json.dumps(self.permit['breakGlass'])}")
            return True
        work = self.permit if self.kind == "permit" else self.kind in ("atp", "incident", "knowledge")
        return "incident.declared.v1" in self.names or alerts or not work

    def stated(self, name):
        """Of a permit's subject, which must be what was granted."""
        subject, granted = self.permit["subject"], self.permit
        require(granted["holder"] == self.by, f"{self.key} is not held by {self.by}")
        wanted = {"agent": self.by, "atp": granted.get("atpId"), "service": granted.get("target"), "environment": granted.get("environment")}
        require(all(subject.get(key) == value for key, value in wanted.items()), f"the subject of {self.key} is not what was granted")
        require(subject.get("action", "").lower() == granted["action"].lower(), f"the subject of {self.key} is not what was granted")
        require(subject.get("respondsTo") in (None, granted.get("incidentId")), f"the subject of {self.key} is not what was granted")
        return subject.get(name)

    def labels(self, *names):
        if self.kind == "knowledge" or self.incident is None:
            return None
        labels = self.known("incident/" + self.incident)["labels"]
        return next((labels[name] for name in names if name in labels), None)

    def value(self, kind):
        if kind == "team":
            return self.known("agent/" + self.by).get("team")
        if kind == "agent":
            return self.by
        if self.permit:
            return self.stated(kind)
        if kind == "atp":
            return self.key if self.kind == "atp" else None
        return {"service": lambda: self.labels("service"), "environment": lambda: self.labels("environment", "env"), "action": lambda: None}[kind]()

    def responds(self):
        """The incident that the turn serves: its own ATPs do, and what its people do on itself."""
        if self.permit:
            return self.stated("respondsTo")
        if self.kind == "atp" and "atp.created.v1" not in self.names:
            return self.incident
        if self.incident is None:
            return None
        incident = self.known("incident/" + self.incident)
        return self.incident if self.by == incident["commander"] or self.by in incident["people"] else None

    def urgent(self):
        if self.permit:
            return self.stated("urgent")
        incident = self.known("incident/" + self.incident) if self.incident else None
        severe = incident is not None and incident["severity"] in ("SEV-1", "SEV-2")
        if self.kind == "atp":
            return self.known("atp/" + self.key).get("urgent") or (severe and incident["ongoing"])
        return severe and self.kind == "incident"

    def within(self, scope):
        return all(kind == "all" or matches(kind, value, self.value(kind)) for kind, _, value in (part.partition(":") for part in scope.split("+")))

    def covered(self, halt):
        if (halt["mode"] == "outside" and not self.permit) or (halt["mode"] == "read-only" and self.permit and self.stated("reads")):
            return False
        if not self.within(halt["scope"]):
            return False
        if self.incident is None or not (halt["sparesUrgent"] or self.incident == halt.get("incidentId")):
            return True
        responds = self.responds()
        return responds is None or not (responds == halt.get("incidentId") or (halt["sparesUrgent"] and self.urgent()))

def matches(kind, wanted, value):
    if value is None or kind in ("team", "agent", "atp"):
        return wanted == value
    return re.fullmatch(".*".join(map(re.escape, wanted.split("*"))), value, re.IGNORECASE | re.DOTALL) is not None

def turns(events):
    """The events of one commit of one caller stand together; the first belongs to the actor that decided."""
    same, turn = lambda e: (e["at"], e["by"], e.get("token"), e.get("trace"), e.get("cause"), e["cursor"].split(".")[0]), []
    for e in events:
        again = turn and e["actor"] != turn[-1]["actor"] and e["actor"] in {one["actor"] for one in turn}
        if turn and (again or same(turn[0]) != same(e)):
            yield turn
            turn = []
        turn.append(e)
    if turn:
        yield turn

def halted(events, subject, exempt):
    require(not any("digest" in e for e in events), "events are withheld: they are in an archive")
    mine = opened(events, subject, None)
    (first, raised), position = mine[0], lambda e: int(e["cursor"].split(".")[1])
    require(raised["mode"] in ENFORCED, "the halt was not enforced")
    lifted = next((e for e, _ in mine if e["name"] == "halt.lifted.v1"), None)
    partly = [(position(e), what["scope"]) for e, what in mine if e["name"] == "halt.lifted-partly.v1"]
    known, under = Known(), 0
    for turn in turns(events):
        # What the turn itself brings: for which team the caller acts, and what is born. Of all else the state before it counts.
        brought = [e for e in turn if e["actor"] == "agent/" + e["by"] or e["name"] in ("permit.granted.v1", "atp.created.v1")]
        for e in brought:
            known.read(e)
        home = turn[0]
        if position(home) > position(first) and (lifted is None or position(home) < position(lifted)):
            under += len(turn)
            what = Subject(known, turn)
            free = first in turn or home["by"] in exempt or what.exempt() or not what.covered(raised) \
                or any(at < position(home) and what.within(scope) for at, scope in partly)
            require(free, f"{home['name']} of {home['actor']} by {home['by']} was committed under the halt")
        for e in turn:
            if e not in brought:
                known.read(e)
    end = f"lifted by {lifted['by']}" if lifted else "active"
    print(f"{subject} ({raised['scope']}) raised by {first['by']}, {end}: {under} events under it, 0 covered")

try:
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle")
    parser.add_argument("--key")
    parser.add_argument("--exempt", action="append", default=["@operator", *SOURCES])
    given = parser.parse_args()
    with open(given.bundle, encoding="utf-8") as file:
        bundle = json.load(file)
    require(bundle["format"] == 1 and bundle["seals"], "this is not a bundle of format 1")
    found = chain(bundle["seals"], given.key)
    halted(found, bundle["subject"], given.exempt) if bundle["subject"].startswith("halt/") else incident(found, bundle["subject"])
except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
    sys.exit(f"refused: {error}")
