#!/usr/bin/env python3
"""Builds generated portals, and says what it takes: bench/run.py [N …] [--floor] [--peers]

For each number of documents (without one: 100, 1000 and 10000) a corpus is generated and built with everything on, each
time into a folder that is not there yet; the median of the runs counts. Times and memory are the operating system's account
of the finished process. `--floor` runs, on the same files, what any generator has to do at the least; `--peers` the
generators that are installed beside it, with themes that do about as much. Compare ratios, not seconds.
"""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import corpus
import peers

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Run:
    """One finished process."""

    def __init__(self, command, folder, limit):
        with tempfile.TemporaryFile() as remarks:
            start = time.monotonic()
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=remarks)
            signal.signal(signal.SIGALRM, lambda *_: process.kill())
            signal.alarm(limit)
            _, status, usage = os.wait4(process.pid, 0)
            signal.alarm(0)
            self.wall = time.monotonic() - start
            self.cpu = usage.ru_utime + usage.ru_stime
            self.memory = usage.ru_maxrss / 1024
            process.returncode = os.waitstatus_to_exitcode(status)
            remarks.seek(0)
            self.remarks = remarks.read().decode(errors="replace")
            self.late = process.returncode == -signal.SIGKILL
            self.fine = process.returncode == 0


def size(folder):
    """Files and megabytes below a folder."""
    files = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return len(files), sum(map(os.path.getsize, files)) / 1e6


def measure(tool, command, folder, output, others, runs, limit):
    """Runs a command from nothing so many times; None where it fails or takes too long."""
    done = []
    # What was written is removed at the end: a file system that is busy with that is slow to make new files.
    old = os.path.join(folder, ".old")
    for number in range(runs):
        run = Run(command, folder, limit)
        files, megabytes = size(os.path.join(folder, output))
        for place in filter(os.path.exists, (os.path.join(folder, place) for place in [output, *others])):
            os.makedirs(old, exist_ok=True)
            os.rename(place, os.path.join(old, f"{number}-{os.path.basename(place)}"))
        if not run.fine:
            last = f"takes longer than {limit} s" if run.late else run.remarks[-300:]
            print(f"  {tool}: {last}", flush=True)
            break
        done.append(run)
    shutil.rmtree(old, ignore_errors=True)
    if not done:
        return None
    middle = sorted(done, key=lambda run: run.wall)[len(done) // 2]
    row = {key: statistics.median(getattr(run, key) for run in done) for key in ("wall", "cpu", "memory")}
    return {"tool": tool, "files": files, "output": megabytes, "remarks": middle.remarks, **row}


def built():
    """Builds the programs that are measured."""
    command = ["cargo", "build", "--release", "--features", "bench", "--bin", "handover", "--bin", "floor"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    return os.path.join(target, "release")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, metavar="N", help="how many documents; 100 1000 10000")
    parser.add_argument("--peers", nargs="?", const=",".join(peers.PEERS), default="", metavar="NAMES",
                        help="run these generators too, those of them that are installed: " + ",".join(peers.PEERS))
    parser.add_argument("--floor", action="store_true", help="run what any generator has to do at the least")
    parser.add_argument("--runs", type=int, default=3, help="how often each is run; the median counts")
    parser.add_argument("--limit", type=int, default=900, help="seconds after which a run is given up")
    parser.add_argument("--stages", action="store_true", help="print how long each stage takes")
    parser.add_argument("--programs", metavar="DIR", help="the folder with `handover` and `floor`; without it they are built")
    parser.add_argument("--work", metavar="DIR", help="where the corpora stand, and stay; without it in a temporary folder")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.peers.split(",") if name and name not in peers.PEERS]
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}; numbers stand before `--peers`")
    programs = arguments.programs or built()
    work = arguments.work or tempfile.mkdtemp(prefix="handover-bench-")
    print(f"{os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB of memory\n")
    try:
        for number in arguments.numbers or [100, 1000, 10000]:
            table(number, arguments, os.path.abspath(programs), work)
    finally:
        if not arguments.work:
            shutil.rmtree(work, ignore_errors=True)


def project(work, number, dialect):
    """Returns the folder of a corpus, which is generated where it is not there."""
    folder = os.path.join(work, f"{dialect}-{number}")
    if not os.path.exists(folder):
        made = corpus.write(folder + ".new", number, dialect)
        peers.skeleton(folder + ".new", dialect, made)
        os.rename(folder + ".new", folder)
    return folder


def table(number, arguments, programs, work):
    folder = project(work, number, "handover")
    count, megabytes = size(os.path.join(folder, "content"))
    print(f"## {number} documents ({count} files, {megabytes:.1f} MB)\n")
    print("| | wall s | CPU s | peak MiB | output MB | files | wall, times ours | CPU, times ours |\n|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    build = [os.path.join(programs, "handover"), "build", "--timings"]
    ours = measure("handover", build, folder, "site", [], arguments.runs, arguments.limit)
    if ours is None:
        sys.exit(1)
    show(ours, ours)
    if arguments.floor:
        floor = [os.path.join(programs, "floor"), "content", "floor"]
        show(measure("floor", floor, folder, "floor", [], arguments.runs, arguments.limit), ours)
    for name in filter(None, arguments.peers.split(",")):
        if shutil.which(name) is None:
            continue
        peer = peers.PEERS[name]
        there = project(work, number, name)
        show(measure(name, [name, *peer.build], there, peer.output, peer.caches, arguments.runs, arguments.limit), ours)
        shutil.rmtree(there)
    if arguments.stages:
        start = ours["remarks"].find("starting ")
        print("\n```text\n" + ours["remarks"][start:].rstrip() + "\n```")
    print(flush=True)


def show(row, ours):
    if row is not None:
        print(f"| {row['tool']} | {row['wall']:.2f} | {row['cpu']:.2f} | {row['memory']:.0f} | {row['output']:.1f} "
              f"| {row['files']} | {row['wall'] / ours['wall']:.2f} | {row['cpu'] / ours['cpu']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
