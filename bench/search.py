#!/usr/bin/env python3
"""Types questions into the search of a built portal, in Chromium: bench/search.py SITE/VERSION [QUESTION …]

Each question is typed letter by letter into a page that was just opened from the disk. Prints how long a keystroke takes from
its event until the results stand in the page, and how much of the index was loaded for a question. Needs Chromium and its
driver, as the tests do.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

QUESTIONS = ["restart the service", "alert threshold", "rollback", "certificate", "disk usage"]

# Types the letter that is the argument, and calls back when the results no longer change.
TYPE = """
const [letter, done] = arguments;
const field = document.querySelector('dialog.find input'), results = document.querySelector('dialog.find .results');
const start = performance.now();
let shown = start, waiting = null;
const settled = () => { seen.disconnect(); done([shown - start, results.children.length, parts.slice()]); };
const wait = time => { clearTimeout(waiting); waiting = setTimeout(settled, time); };
const seen = new MutationObserver(() => { shown = performance.now(); wait(60); });
seen.observe(results, { childList: true });
field.value += letter;
field.dispatchEvent(new Event('input'));
wait(1000);
"""

WATCH = """
window.parts = ['search/index.js'];
const append = document.head.append;
document.head.append = function (part) { if (part.src) parts.push(part.src); append.call(this, part); };
"""


class Driver:
    """A browser, over the protocol of its driver."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        options = {"args": [*FLAGS, f"--user-data-dir={folder}"]}
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        for _ in range(100):
            try:
                self.session = "/session/" + self.ask("/session", wanted)["sessionId"]
                return
            except urllib.error.URLError as error:
                if not isinstance(error.reason, ConnectionError):
                    break
                time.sleep(0.1)
        self.process.kill()
        sys.exit("no browser can be started: are Chromium and chromedriver installed?")

    def ask(self, path, body):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, url):
        self.ask(self.session + "/url", {"url": url})

    def run(self, script, *arguments, waits=False):
        return self.ask(f"{self.session}/execute/{'a' if waits else ''}sync", {"script": script, "args": arguments})

    def quit(self):
        urllib.request.urlopen(urllib.request.Request(self.base + self.session, method="DELETE"), timeout=60)
        self.process.terminate()
        self.process.wait()


def loaded(version, parts):
    """How many kilobytes these parts of the index are."""
    return sum(os.path.getsize(os.path.join(version, "search", os.path.basename(part))) for part in set(parts)) / 1000


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    version, questions = os.path.abspath(sys.argv[1]), sys.argv[2:] or QUESTIONS
    if not os.path.exists(os.path.join(version, "search", "index.js")):
        sys.exit(f"{version} has no search/index.js: name the folder of a version")
    if any(len(question) < 2 for question in questions):
        sys.exit("a question has two letters and more")
    keystrokes = []
    print("| question | results | first keystroke, ms | loaded for it, kB | the others, median ms | slowest, ms | loaded in all, kB |\n|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        driver = Driver(folder)
        try:
            for question in questions:
                driver.open("about:blank")
                driver.open(f"file://{version}/index.html")
                driver.run("document.querySelector('.top .search').click()")
                for _ in range(500):
                    if driver.run("return !!document.querySelector('dialog.find[open] select')"):
                        break
                    time.sleep(0.02)
                else:
                    sys.exit("the search does not open")
                driver.run(WATCH)
                typed = [driver.run(TYPE, letter, waits=True) for letter in question]
                first, last = (loaded(version, parts) for _, _, parts in (typed[0], typed[-1]))
                times = [took for took, *_ in typed]
                keystrokes += times
                print(f"| {question} | {typed[-1][1]} | {times[0]:.0f} | {first:.0f} "
                      f"| {statistics.median(times[1:]):.0f} | {max(times):.0f} | {last:.0f} |")
        finally:
            driver.quit()
    keystrokes.sort()
    print(f"\n{len(keystrokes)} keystrokes: median {statistics.median(keystrokes):.0f} ms, "
          f"nine of ten under {keystrokes[(len(keystrokes) * 9 - 1) // 10]:.0f} ms")


if __name__ == "__main__":
    main()
