#!/usr/bin/env python3
"""Generates a repository with many commits, and says what reading its history takes, beside `git log --name-only`.

Every commit changes one document. The stage `history` of `handover build --timings` finds the last change of each document;
`git log --name-only` lists what each commit changed, and is what a script would read to find the same.
"""

import argparse
import os
import random
import re
import statistics
import subprocess
import tempfile
import time

import corpus
from run import built


def git(folder, *arguments, **options):
    return subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL, **options)


def repository(folder, documents, commits):
    """Makes a corpus, and a history in which its documents change one after the other."""
    corpus.write(folder, documents, "handover")
    # For a text that is not what was approved, every former one is parsed to find what was: that is another question.
    os.remove(os.path.join(folder, "content/records/reviews.toml"))
    git(folder, "init", "--quiet", "--initial-branch=main")
    paths = [os.path.join(at, name) for at, _, names in os.walk(os.path.join(folder, "content")) for name in sorted(names)]
    paths = sorted(os.path.relpath(path, folder) for path in paths if path.endswith(".md"))
    chance = random.Random(4)
    stream = bytearray()

    def commit(number, changes):
        author = f"Ann Example <ann@example.org> {1700000000 + 600 * number} +0000"
        stream.extend(f"commit refs/heads/main\nauthor {author}\ncommitter {author}\ndata 6\nChange\n".encode())
        for path, text in changes:
            stream.extend(f'M 100644 inline "{path}"\ndata {len(text)}\n'.encode() + text + b"\n")

    texts = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.relpath(os.path.join(at, name), folder)
            if not path.startswith(".git"):
                with open(os.path.join(folder, path), "rb") as file:
                    texts[path] = file.read()
    commit(0, sorted(texts.items()))
    for number in range(1, commits):
        path = chance.choice(paths)
        texts[path] += f"\nSeen again in round {number}.\n".encode()
        commit(number, [(path, texts[path])])
    git(folder, "fast-import", "--quiet", input=bytes(stream))
    git(folder, "reset", "--quiet", "--hard", "main")
    git(folder, "gc", "--quiet")


def seconds(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5, help="how often each is run; the median counts")
    parser.add_argument("--programs", metavar="DIR", help="the folder with `handover`; without it that is built")
    arguments = parser.parse_args()
    handover = os.path.join(os.path.abspath(arguments.programs or built()), "handover")

    def stage(folder):
        build = [handover, "build", "--timings", "-d", os.path.join(folder, "..", "site")]
        remarks = subprocess.run(build, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr
        return float(re.search(rb"^history +([0-9.]+) ms", remarks, re.MULTILINE)[1]) / 1000

    with tempfile.TemporaryDirectory(prefix="handover-bench-") as work:
        folder = os.path.join(work, "project")
        repository(folder, arguments.documents, arguments.commits)
        rounds = range(arguments.runs)
        log = statistics.median(seconds(lambda: git(folder, "log", "--name-only")) for _ in rounds)
        ours = statistics.median(stage(folder) for _ in rounds)
    print(f"{arguments.commits} commits, {arguments.documents} documents\n")
    print("| | s |\n|---|--:|")
    print(f"| `git log --name-only` | {log:.3f} |\n| reading the history | {ours:.3f} |\n\nratio {ours / log:.2f}")


if __name__ == "__main__":
    main()
