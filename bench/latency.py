#!/usr/bin/env python3
"""Edits documents while a portal is served, and says how long it takes: bench/latency.py [--hugo] [N …]

For each number of documents (without one: 1000 and 10000): the time from the start of `handover serve` to the first page, and
from just before the write of a document to the end of a GET that has its new words, each time of another document. Between
two edits the server has time to come to rest. `--hugo` measures `hugo server` on the same corpus, where it is installed.
Compare ratios, not seconds.
"""

import argparse
import http.client
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import run
from corpus import Corpus

LIMIT = 300


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A running server, which ends with the `with`."""

    def __init__(self, command, folder):
        self.port = free_port()
        self.start = time.monotonic()
        self.remarks = tempfile.TemporaryFile()
        command = [part.replace("PORT", str(self.port)) for part in command]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=self.remarks, stderr=self.remarks)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu(self):
        """The CPU time that it has used."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """The most memory that it has had, in MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024

    def until(self, path, words, start):
        """Asks for a page until it has the words, and returns the time since the start."""
        while time.monotonic() - start < LIMIT:
            if self.process.poll() is not None:
                self.remarks.seek(0)
                sys.exit(self.remarks.read().decode(errors="replace"))
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
                connection.request("GET", path)
                answer = connection.getresponse()
                if words in answer.read() and answer.status == 200:
                    return time.monotonic() - start
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.002)
        sys.exit(f"{path} never has {words}")

    def rest(self):
        """Waits until it uses no CPU time."""
        for _ in range(100):
            before = self.cpu()
            time.sleep(0.2)
            if self.cpu() - before < 0.02:
                return


def measure(tool, command, folder, documents, address, edits, remarks):
    chance = random.Random(7)
    with Server(command, folder) as server:
        first = documents[0]
        ready = server.until(address(first), first.title.split(" (")[0].encode(), server.start)
        server.rest()
        times, cpu = [], server.cpu()
        for number in range(edits):
            document = chance.choice(documents)
            path = os.path.join(folder, "content", document.path)
            with open(path) as file:
                text = file.read()
            words = f"edit {number} of the benchmark"
            start = time.monotonic()
            with open(path, "w") as file:
                file.write(f"{text}\nThis is {words}.\n")
            times.append(1000 * server.until(address(document), words.encode(), start))
            with open(path, "w") as file:
                file.write(text)
            time.sleep(0.1)
            server.rest()
        cpu = (server.cpu() - cpu) / edits / 2
        times.sort()
        print(f"| {tool} | {ready:.2f} | {statistics.median(times):.0f} | {times[int(len(times) * 0.9)]:.0f} | {times[-1]:.0f} "
              f"| {1000 * cpu:.0f} | {server.memory():.0f} |", flush=True)
        if remarks:
            server.remarks.seek(0)
            print(server.remarks.read().decode(errors="replace"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, metavar="N", help="how many documents; 1000 10000")
    parser.add_argument("--hugo", action="store_true", help="measure `hugo server` too")
    parser.add_argument("--edits", type=int, default=30, help="how many documents are edited")
    parser.add_argument("--stages", action="store_true", help="print what the server says, with how long each stage took")
    parser.add_argument("--programs", metavar="DIR", help="the folder with `handover`; without it it is built")
    parser.add_argument("--work", metavar="DIR", help="where the corpora stand, and stay; without it in a temporary folder")
    arguments = parser.parse_args()
    handover = os.path.join(os.path.abspath(arguments.programs or run.built()), "handover")
    work = arguments.work or tempfile.mkdtemp(prefix="handover-bench-")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    try:
        for number in arguments.numbers or [1000, 10000]:
            documents = Corpus(number).documents
            print(f"## {number} documents\n\n| | start to first page, s | edit to page, median ms | 90 % ms | longest ms "
                  "| CPU a change, ms | peak MiB |\n|---|--:|--:|--:|--:|--:|--:|", flush=True)
            serve = [handover, "serve", "--port", "PORT", *(["--timings"] if arguments.stages else [])]
            measure("handover", serve, run.project(work, number, "handover"), documents,
                    lambda document: f"/1.0/{document.id}.html", arguments.edits, arguments.stages)
            if arguments.hugo and shutil.which("hugo"):
                folder = run.project(work, number, "hugo")
                measure("hugo", ["hugo", "server", "--port", "PORT", "--bind", "127.0.0.1"], folder, documents,
                        lambda document: f"/{document.id}/", arguments.edits, arguments.stages)
            print(flush=True)
    finally:
        if not arguments.work:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
