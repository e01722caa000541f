"""Runbooks for the benchmark: the same seed and number give the same documents, for every generator in its own spelling.

    corpus.write(folder, number, dialect)   # dialect: handover, hugo, zola, mdbook, mkdocs or zensical

Each has front matter, about eight sections, tables, lists, task lists, an alert, two to four code blocks and links to others;
40 stand in a folder, and every folder has a page that lists them. For `handover` there are a plan and records as well: two
thirds of the documents are approved, the others changed since, expired or were never reviewed.
"""

import hashlib
import json
import os
import random

SEED = "handover bench 1"
FOLDER = 40

AREAS = ["billing", "identity", "ingress", "ledger", "mail", "metrics", "orders", "pricing", "queues", "reports", "storage", "vault"]
SERVICES = ["api", "archiver", "broker", "cache", "collector", "cron", "database", "exporter", "gateway", "indexer", "mailer",
            "proxy", "replica", "router", "scheduler", "worker"]
PEOPLE = ["ada", "ben", "chi", "dara", "eva", "finn", "gia", "hugo", "ines", "jun"]
SECTIONS = ["Impact", "Diagnose", "Resolve", "Verify", "Escalate"]
MORE = ["Access", "Background", "Capacity", "Known errors", "Related work", "Rollback"]
NOUNS = """alert backlog backup batch bucket certificate change channel checkpoint cluster column commit connection consumer
credential dashboard deadlock disk drain endpoint entry error event failover file flag handler heartbeat host image incident
index instance job journal key label lag latency leader lease limit list lock log mailbox message metric migration mount
namespace node offset operator order owner packet page partition password path patch permission pod policy pool port primary
probe process producer quota query queue rate record region replay replica report request restart retention retry role rollout
route rule run schema script secret segment server session shard shift signal snapshot socket stage standby state step stream
table task tenant test thread ticket timeout token topic trace traffic transaction trigger tunnel update user value version
volume warning webhook window worker zone""".split()
VERBS = """acknowledge add apply archive attach check clear close collect compare confirm copy count delete detach disable drain
enable escalate export extend fence find follow import increase inspect keep limit list lower mark measure mount move note open
page pause promote purge raise read rebuild record reduce reload remove renew repair replay restart restore resume retry revert
rotate run scale send silence skip start stop switch test trim undo update verify wait watch""".split()
ADJECTIVES = """active blocked broken cold current damaged degraded duplicate empty expired failed fresh full healthy idle late
local lost manual missing new old open partial pending primary ready recent remote safe secondary slow stale stuck unknown
wrong""".split()
SENTENCES = [
    "The {a} {n} keeps the {m} from its {o} until somebody can {v} it.",
    "When the {n} is {a} for more than {k} minutes, {v} the {m} and note the {o}.",
    "{V} the {n} on `{h}` before the {m} becomes {a}.",
    "A {a} {n} is *not* a reason to {v} the {m}; a {b} {o} is.",
    "Ask the owner of the {n} whether the {m} may be {a} during the **{o}**.",
    "On `{h}` the {n} had {k} {a} entries after the {m}, and nobody knew how to {v} the {o}.",
    "Do not {v} the {n} while the {m} is {a}: the {o} would be lost.",
    "Above {k} percent the {n} turns {a}, which the {m} shows as a {b} {o}.",
    "The {m} reads the {n} every {k} seconds, so {v} it once and wait.",
    "Partners see code {c} as long as the {n} is {a}; the {m} explains the {o}.",
]


class Words:
    """Sentences and names from one source of chance."""

    def __init__(self, *seed):
        self.chance = random.Random(":".join([SEED, *map(str, seed)]))

    def pick(self, words):
        return words[self.chance.randrange(len(words))]

    def number(self, low, high):
        return self.chance.randrange(low, high)

    def host(self):
        return f"{self.pick(AREAS)}-{self.pick(SERVICES)}-{self.number(1, 90):02}"

    def sentence(self):
        verb = self.pick(VERBS)
        text = self.pick(SENTENCES).format(
            a=self.pick(ADJECTIVES), b=self.pick(ADJECTIVES), n=self.pick(NOUNS), m=self.pick(NOUNS), o=self.pick(NOUNS),
            v=verb, V=verb.capitalize(), h=self.host(), k=self.number(2, 95), c=self.pick([408, 429, 500, 502, 503, 504]))
        return text

    def paragraph(self, low=2, high=5):
        return " ".join(self.sentence() for _ in range(self.number(low, high)))


def bash(w):
    host, service = w.host(), w.pick(SERVICES)
    lines = ["set -euo pipefail", f'host="${{1:-{host}}}"', f"# {w.sentence()}".replace("`", "").replace("*", ""),
             f"for node in $(opsctl list --role {service} --state {w.pick(ADJECTIVES)} | awk '{{ print $1 }}'); do",
             f'  if ! systemctl is-active --quiet "{service}@${{node}}"; then',
             f'    echo "${{node}}: down for {w.number(2, 60)} minutes" >&2',
             f'    ssh "$host" sudo systemctl restart {service}.service', "  fi", "done"]
    if w.number(0, 2):
        lines.append(f"journalctl -u {service} --since '-{w.number(5, 90)} min' | grep -cE 'ERROR|{w.pick(NOUNS).upper()}'")
    if w.number(0, 2):
        lines.append(f'curl -fsS "http://{w.host()}:{w.number(2000, 9999)}/{w.pick(NOUNS)}" | jq -r \'.{w.pick(NOUNS)}[] | .id\'')
    return lines


def yaml(w):
    lines = ["apiVersion: apps/v1", "kind: Deployment", "metadata:", f"  name: {w.pick(SERVICES)}",
             f"  labels: {{ area: {w.pick(AREAS)}, owner: {w.pick(PEOPLE)} }}", "spec:", f"  replicas: {w.number(1, 12)}",
             "  template:", "    spec:", "      containers:"]
    for _ in range(w.number(1, 4)):
        lines += [f"        - name: {w.pick(SERVICES)}  # {w.pick(ADJECTIVES)} {w.pick(NOUNS)}",
                  f'          image: "registry.example/{w.pick(AREAS)}:{w.number(0, 9)}.{w.number(0, 40)}.{w.number(0, 40)}"',
                  f'          args: ["--timeout={w.number(5, 90)}s", "--{w.pick(NOUNS)}", "true"]',
                  f"          resources: {{ limits: {{ cpu: {w.number(1, 40) * 100}m, memory: {w.number(1, 32) * 128}Mi }} }}"]
    return lines


def sql(w):
    a, b = w.pick(NOUNS), w.pick(NOUNS)
    return [f"SELECT t.id, t.{a}, count(*) AS {b}s, max(t.changed_at)", f"FROM {a}_{b} AS t JOIN {w.pick(NOUNS)}s AS s ON s.id = t.{a}_id",
            f"WHERE t.state IN ('{w.pick(ADJECTIVES)}', '{w.pick(ADJECTIVES)}')  -- {w.pick(NOUNS)}",
            f"  AND t.changed_at < now() - interval '{w.number(2, 300)} minutes'",
            f"GROUP BY t.id, t.{a} HAVING count(*) > {w.number(2, 200)}", f"ORDER BY 3 DESC LIMIT {w.number(5, 60)};",
            f"UPDATE {a}_{b} SET state = '{w.pick(ADJECTIVES)}', tries = tries + 1 WHERE id = {w.number(1000, 99999)};"]


def as_json(w):
    value = {"alert": w.pick(NOUNS).title() + w.pick(NOUNS).title(), "severity": w.pick(["critical", "warning"]),
             "enabled": bool(w.number(0, 4)), "window": w.number(60, 3600), "labels": {"owner": w.pick(PEOPLE), "runbook": None},
             "targets": [{"host": w.host(), "port": w.number(1024, 9999)} for _ in range(w.number(1, 5))]}
    return json.dumps(value, indent=2).split("\n")


CODE = [("bash", bash), ("yaml", yaml), ("sql", sql), ("json", as_json)]


class Document:
    def __init__(self, index):
        words = Words("place", index)
        number = index // FOLDER
        area, service = AREAS[number % len(AREAS)], SERVICES[number // len(AREAS) % len(SERVICES)]
        turn = number // len(AREAS) // len(SERVICES)
        self.index = index
        self.folder = f"{area}/{service}" + (f"-{turn + 1}" if turn else "")
        verb = words.pick(VERBS)
        self.id = f"{self.folder}/{verb}-{words.pick(NOUNS)}-{index:05}"
        self.path = self.id + ".md"
        self.title = f"{verb.capitalize()} the {words.pick(ADJECTIVES)} {words.pick(NOUNS)} of {words.host()} ({index:05})"
        self.sections = SECTIONS[:1] + [words.pick(MORE[:3])] + SECTIONS[1:] + [words.pick(MORE[3:])]
        self.owner = words.pick(PEOPLE[:5])


class Corpus:
    def __init__(self, number):
        self.documents = [Document(index) for index in range(number)]
        self.folders = {}
        for document in self.documents:
            self.folders.setdefault(document.folder, []).append(document)
        self.areas = {}
        for folder in self.folders:
            self.areas.setdefault(folder.split("/")[0], []).append(folder)

    def linked(self, words, document):
        """Another document: a neighbor as often as any."""
        near = self.folders[document.folder]
        return words.pick(near) if words.number(0, 2) else words.pick(self.documents)


def link(dialect, source, target, anchor=""):
    if dialect == "zola":
        return f"@/{target}{anchor}"
    return os.path.relpath(target, os.path.dirname(source) or ".") + anchor


def table(w):
    rows = ["| Signal | Host | Limit | What to do |", "|---|---|--:|---|"]
    for _ in range(w.number(3, 8)):
        rows.append(f"| {w.pick(ADJECTIVES)} {w.pick(NOUNS)} | `{w.host()}` | {w.number(1, 999)} | {w.sentence()} |")
    return "\n".join(rows)


def body(corpus, document, dialect):
    w = Words("text", document.index)
    blocks = w.number(2, 5)
    text = [f"# {document.title}", w.paragraph()]
    warning = w.sentence()
    text.append(f"!!! warning\n\n    {warning}" if dialect in ("mkdocs", "zensical") else f"> [!WARNING]\n> {warning}")
    for number, section in enumerate(document.sections):
        text += [f"## {section}", w.paragraph()]
        if number == 1:
            text.append(table(w))
        elif number == 3:
            text.append("\n".join(f"{step + 1}. {w.sentence()}" for step in range(w.number(3, 7))))
        elif number == 4:
            text.append("\n".join(f"- [{w.pick(['x', ' '])}] {w.sentence()}" for _ in range(w.number(3, 6))))
        elif number % 2 == 0:
            text.append("\n".join(f"- {w.sentence()}" for _ in range(w.number(2, 5))))
        if blocks and number > 0:
            blocks -= 1
            language, code = w.pick(CODE)
            text.append(f"```{language}\n" + "\n".join(code(w)) + "\n```")
        if number % 2:
            other = corpus.linked(w, document)
            anchor = "#" + w.pick(SECTIONS).lower() if w.number(0, 2) else ""
            text.append(f"See [{other.title}]({link(dialect, document.path, other.path, anchor)}). {w.sentence()}")
        if w.number(0, 3) == 0:
            text += [f"### {w.pick(VERBS).capitalize()} the {w.pick(NOUNS)} of step {number + 1}", w.paragraph()]
    return "\n\n".join(text) + "\n"


def front_matter(document, dialect):
    if dialect == "mdbook":
        return ""
    if dialect == "handover":
        return f"---\ntitle: {document.title}\nkind: runbook\nseverity: SEV-2\nowner: {document.owner}\ntags: [{document.folder.replace('/', ', ')}]\n---\n"
    if dialect == "zola":
        return f'+++\ntitle = "{document.title}"\n[extra]\nowner = "{document.owner}"\nseverity = "SEV-2"\n+++\n'
    return f'---\ntitle: "{document.title}"\nowner: {document.owner}\nseverity: SEV-2\n---\n'


def index_page(title, source, entries, dialect):
    head = {"handover": f"---\ntitle: {title}\n---\n", "mdbook": "", "zola": f'+++\ntitle = "{title}"\n+++\n'}
    lines = [f"- [{text}]({link(dialect, source, target)})" for text, target in entries]
    return head.get(dialect, f'---\ntitle: "{title}"\n---\n') + f"# {title}\n\n" + "\n".join(lines) + "\n"


def pages(corpus, dialect):
    """Every path with its text."""
    index = {"hugo": "_index.md", "zola": "_index.md"}.get(dialect, "index.md")
    yield index, index_page("Operations handbook", index, [(area, f"{area}/{index}") for area in corpus.areas], dialect)
    for area, folders in corpus.areas.items():
        path = f"{area}/{index}"
        yield path, index_page(area, path, [(folder, f"{folder}/{index}") for folder in folders], dialect)
    for folder, documents in corpus.folders.items():
        path = f"{folder}/{index}"
        yield path, index_page(folder, path, [(document.title, document.path) for document in documents], dialect)
    for document in corpus.documents:
        yield document.path, front_matter(document, dialect) + body(corpus, document, dialect)


def digest(document, text):
    """The digest of a document without includes and images, as `handover digest` prints it."""
    def of(part):
        return hashlib.sha256(part.encode()).hexdigest()
    about = {"title": document.title, "owner": document.owner, "severity": "SEV-2", "alerts": []}
    metadata = json.dumps(about, separators=(",", ":"), ensure_ascii=False)
    return "v1:" + of(f"handover v1\ntext {of(text.strip(chr(10)))}\nincludes {of('')}\nimages {of('')}\nmetadata {of(metadata)}\n")


def plan():
    people = "".join(
        f'\n[[person]]\nid = "{person}"\nname = "{person.title()} Example"\nrole = "SRE"\n'
        f'team = "{"old" if number < 5 else "new"}"\nlead = {"true" if number % 5 == 0 else "false"}\nphone = "+44 20 7946 01{number:02}"\n'
        for number, person in enumerate(PEOPLE))
    return f"""[handover]
id = "bench"
title = "Handover of everything"
service = "Everything"
version = "1.0"
[calendar]
start = 2026-11-30
business-days = 15
[[team]]
id = "old"
side = "relinquishing"
name = "Old team"
[[team]]
id = "new"
side = "receiving"
name = "New team"
{people}
[[phase]]
id = "review"
title = "Review"
days = "1-14"
activities = "Read everything."
[[milestone]]
id = "handover"
title = "Official handover"
day = 15
activities = "Sign."
gate = true
[[criterion]]
id = "reviewed"
statement = "All documents are reviewed."
check = {{ type = "documents-reviewed" }}
[review]
side = "receiving"
approvals = 1
valid-days = 90
[[escalation]]
level = 1
severities = ["SEV-1", "SEV-2"]
contact = "gia"
hours = "24x7"
acknowledge-minutes = 15
"""


def reviews(corpus):
    for document in corpus.documents:
        w = Words("review", document.index)
        fate = w.number(0, 12)
        if fate == 0:
            continue
        text = body(corpus, document, "handover")
        day = "2026-06-01" if fate == 1 else f"2026-12-{w.number(1, 12):02}"
        yield (f'[[review]]\ndocument = "{document.id}"\ndigest = "{digest(document, text + ("More." if fate in (2, 3) else ""))}"\n'
               f'reviewer = "{w.pick(PEOPLE[5:])}"\non = {day}\nact = "read"\noutcome = "approved"\n\n')


def write(folder, number, dialect):
    """Writes the content, and returns how many pages it has and how many bytes."""
    corpus = Corpus(number)
    content = {"handover": "content", "hugo": "content", "zola": "content", "mdbook": "src"}.get(dialect, "docs")
    count = size = 0
    for path, text in pages(corpus, dialect):
        count, size = count + 1, size + len(text)
        put(os.path.join(folder, content, path), text)
    if dialect == "handover":
        put(os.path.join(folder, "book.toml"), '[book]\ntitle = "Operations handbook"\nsrc = "content"\n[output.handover]\ntoday = 2026-12-18\n'
            f"[output.handover.sections]\nrunbook = {json.dumps(SECTIONS)}\n")
        put(os.path.join(folder, "content/plan.toml"), plan())
        put(os.path.join(folder, "content/records/reviews.toml"), "".join(reviews(corpus)))
    return corpus, count, size


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
