#!/usr/bin/env python3
"""Tries `handover` on trees of documentation as they are: tests/tree.py [--handover PROGRAM] TREE …

Each tree is built, unchanged, into a scratch folder. Said is what was lost on the way, and what is broken:

  lost page   a Markdown file below the content folder that is no document, no part of one, in no diagnostic, and
              not left out by the settings of its tool or by itself, as a draft
  lost words  words of a document's source that are neither in its page nor in a diagnostic of it
  broken      the links, images, anchors, includes and references that `handover check` reports

Exits with 1 when something was lost. Nothing is written into the tree, and no other program but `handover` is run, no
preprocessor of a book either.
"""

import argparse
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

MARKDOWN = (".md", ".markdown", ".mkd", ".md.erb")
BROKEN = {"broken-link", "broken-image", "broken-anchor", "broken-include", "broken-reference"}
# Folders that no tool reads, and those whose files are parts of documents or of themes.
PASSED_BY = {"node_modules", "target"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}


class Article(html.parser.HTMLParser):
    """What a reader can find in the article of a page, or in a whole picture: its texts, and what attributes say."""

    def __init__(self, whole=False):
        super().__init__(convert_charrefs=True)
        self.parts, self.pictures, self.depth = [], [], int(whole)

    def handle_starttag(self, tag, attributes):
        if tag == "article":
            self.depth += 1
        elif self.depth and tag not in INLINE:
            self.parts.append(" ")
        if self.depth:
            values = dict(attributes)
            said = " ".join(value or "" for name, value in attributes if name != "class")
            self.parts.append(f"\x00{said}\x00" if said else "")
            if (values.get("src") or "").endswith(".svg"):
                self.pictures.append(values["src"])

    def handle_endtag(self, tag):
        if tag == "article":
            self.depth -= 1
        elif self.depth and tag not in INLINE:
            self.parts.append(" ")

    def handle_data(self, data):
        if self.depth:
            self.parts.append(data)

    def text(self):
        joined = "".join(self.parts)
        shown = re.sub(r"\x00[^\x00]*\x00", "", joined)
        said = " ".join(re.findall(r"\x00([^\x00]*)\x00", joined))
        return f"{shown} {said} {urllib.parse.unquote(said)}".lower()


def page_text(page):
    article = Article()
    article.feed(page.read_text(encoding="utf-8"))
    text = article.text()
    for picture in article.pictures:
        path = (page.parent / urllib.parse.unquote(picture)).resolve()
        if path.is_file():
            drawn = Article(whole=True)
            drawn.feed(path.read_text(encoding="utf-8", errors="replace"))
            text += " " + drawn.text()
    return text


def words(source, is_liquid=False):
    """The words of a body, without what is syntax: each with the line that it stands in."""
    text = source.lstrip("\ufeff").replace("\r\n", "\n")
    blank = lambda match: "\n" * match.group(0).count("\n")
    text = re.sub(r"\A(---|\+\+\+)[ \t]*\n.*?^\1[ \t]*$", blank, text, flags=re.S | re.M)
    front = front_json(text) or ""
    text = "\n" * front.count("\n") + text[len(front):]
    text = re.sub(r"\{::comment\}.*?\{:/(?:comment)?\}", blank, text, flags=re.S)
    if is_liquid:
        text = re.sub(r"^[ \t]*(?:[-*+]|1\.)[^\n]*\n[ \t]*\{: ?toc[^}\n]*\}", blank, text, flags=re.M)   # a table of contents
    text = re.sub(r"\{::?/?[a-z]*\}", "", text)                                         # an extension of kramdown
    if is_liquid:
        text = re.sub(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", blank, text, flags=re.S)
        text = re.sub(r"\{\{.*?\}\}", blank, text, flags=re.S)
    text = re.sub(r"^\s*\[{1,2}_?TOC_?\]{1,2}\s*$", "", text, flags=re.M | re.I)
    text = re.sub(r"<!--.*?-->|<(style|script)\b.*?</\1>", blank, text, flags=re.S)
    text = re.sub(r"^([\s>]*)\d+[.)]\s", r"\1", text, flags=re.M)                         # the number of an item
    text = re.sub(r"\{\{#.*?\}\}|<%.*?%>|\{\{[<%]/?.*?[%>]\}\}|\{%.*?%\}", blank, text, flags=re.S)
    text = re.sub(r"^[\s>]*(?:`{3,}|~{3,})[^`\n]*$", "", text, flags=re.M)             # the line that opens a fence
    text = re.sub(r"^(\s*(?:!!!|\?\?\?\+?)\s*)[\w -]+", r"\1", text, flags=re.M)         # a callout, its classes
    text = re.sub(r"^(\s*:{3,}\s*)[\w-]+", r"\1", text, flags=re.M)                       # its kind
    text = re.sub(r"^([ \t]*/{3,} *\w.*\n)((?:[ \t]{4,}[\w-]+:.*\n)+)",                    # a block, its options
                  lambda m: m.group(1) + "\n" * m.group(2).count("\n"), text, flags=re.M)
    text = re.sub(r"\[!\w+\][+-]?", "", text)
    text = re.sub(r"\]\((?:<[^>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)", "](", text)   # where a link leads
    text = re.sub(r"^\s{0,3}\[[^\]\n]+\]:.*$", "", text, flags=re.M)
    text = re.sub(r"\]\[[^\]\n]*\]", "]", text)
    text = re.sub(r"\{:?[^{}\n]*[#.=][^{}\n]*\}", "", text)                              # attributes
    text = re.sub(r"</?[a-zA-Z][^<>]*>", lambda m: " ".join(["", *re.findall(r"(?:alt|title)=[\"']([^\"']*)", m.group(0)), ""]), text)
    text = re.sub(r"(?<![\w:]):[a-z][\w+-]*:(?![\w:])", "", text)                          # a picture by its name
    text = re.sub(r"^\s*/{3,} *html\b.*$", "", text, flags=re.M)                         # an element, its classes
    text = re.sub(r"^\s*/{3,} *[\w-]+", "", text, flags=re.M)                              # the kind of a block
    text = html.unescape(text)
    for number, line in enumerate(text.split("\n"), 1):
        line = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line)
        for word in re.findall(r"[^\W_]+", line):
            yield number, word.lower()


def markdown_files(tree, content):
    for folder, folders, files in os.walk(tree / content, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith((".", "_")) and name not in PASSED_BY]
        for name in files:
            if name.lower().endswith(MARKDOWN) and not name.startswith((".", "_")) and name != "SUMMARY.md":
                yield (pathlib.Path(folder) / name).relative_to(tree).as_posix()


def ignored(pattern):
    """A pattern as git has it in `.gitignore`, as a regular expression for whole paths."""
    core = pattern.strip("/")
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", core)
    above = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    below = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    return above + "".join(signs.get(part) or re.escape(part) for part in parts) + below


def left_out(tree):
    """The files that the settings of MkDocs or of Jekyll leave out: a function of their paths."""
    def text(name):
        return (tree / name).read_text(encoding="utf-8", errors="replace") if (tree / name).is_file() else ""
    mkdocs, jekyll = text("mkdocs.yml") or text("mkdocs.yaml"), text("_config.yml") or text("_config.yaml")
    folder = re.search(r"^docs_dir:\s*[\"']?([^\"'\s#]+)", mkdocs, flags=re.M)
    folder = folder.group(1).strip("./") if folder else "docs"
    rules = []
    for key in ["exclude_docs", "draft_docs"]:
        for block in re.findall(rf"^{key}:[ \t]*(?:[|>][-+]?)?(.*(?:\n(?:[ \t]+.*|(?=\n)))*)", mkdocs, flags=re.M):
            lines = [line.strip() for line in block.split("\n")]
            rules += [(line, folder) for line in lines if line and not line.startswith("#")]
    for block in re.findall(r"^exclude:(.*(?:\n[ \t]*- .*)*)", jekyll, flags=re.M):
        rules += [("/" + name.strip("/"), "") for name in re.findall(r"[^\s\[\],\"']+", block.replace("- ", " "))]

    def is_left_out(path):
        found = False
        for pattern, base in rules:
            below = path[len(base):].lstrip("/") if path.startswith(base) else None
            if below is not None and re.fullmatch(ignored(pattern.lstrip("!")), below):
                found = not pattern.startswith("!")
        return found
    return is_left_out


def front_json(text):
    """The front matter of a document where it is JSON."""
    try:
        value, end = json.JSONDecoder().raw_decode(text.lstrip("\ufeff"))
    except ValueError:
        return None
    return text.lstrip("\ufeff")[:end] if isinstance(value, dict) else None


def is_hidden(text):
    """Whether a document says in its front matter that it is to have no page."""
    front = re.match(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)^(---|\+\+\+)", text, flags=re.S | re.M)
    said = front.group(2) if front else front_json(text) or ""
    says = (r"(?:^[ \t]*|[{,]\s*)[\"']?(?:(?:draft|headless)[\"']?[ \t]*[:=][ \t]*[\"']?true|published:[ \t]*[\"']?false"
            r"|render[\"']?[ \t]*[:=][ \t]*[\"']?(?:false|never))")
    return bool(re.search(says, said, flags=re.M))


def content_folder(paths):
    """The folder that all documents lie in, as far down as the project's settings can name it."""
    folders = {path.split("/")[0] if "/" in path else "" for path in paths}
    return folders.pop() if len(folders) == 1 else ""


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit(f"{program} {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def judge(program, tree, most):
    with tempfile.TemporaryDirectory(prefix="handover-tree-") as scratch:
        site = pathlib.Path(scratch) / "site"
        found = json.loads(run(program, "check", tree, "--no-preprocessors", "--format", "json"))
        run(program, "build", tree, "--no-preprocessors", "-d", site)
        facts = next((path for path in site.glob("*/handover.json") if path.parent.name != "latest"), None)
        if facts is None:
            print(f"{tree}: nothing was built: {found[0]['message'] if found else 'no reason was given'}")
            return False
        documents = json.loads(facts.read_text(encoding="utf-8"))["documents"]
        pages = {document["path"]: facts.parent / document["page"] for document in documents if document.get("path")}
        said = {}
        for problem in found:
            text = " ".join([problem["message"], problem.get("help") or ""])
            said[problem["path"]] = f"{said.get(problem['path'], '')} {text}".lower()
        named = " ".join(said.values())
        sources = {path: (tree / path).read_text(encoding="utf-8", errors="replace") for path in pages}
        included = " ".join(re.findall(r"\{\{#\w+ [^}]*\}\}|<%=? *partial[^%]*%>|-+8<-+[^\n]*", "".join(sources.values())))

        is_left_out = left_out(tree)
        is_liquid = any((tree / name).is_file() for name in ["_config.yml", "_config.yaml", "_config.toml"])
        lost_pages = []
        for path in sorted(markdown_files(tree, content_folder(pages))):
            known = path in pages or path in said or path.lower() in named
            if known or is_left_out(path) or pathlib.Path(path).name in included:
                continue
            if not (tree / path).is_file() or not is_hidden((tree / path).read_text(encoding="utf-8", errors="replace")):
                lost_pages.append(path)
        lost_words = []
        for path, page in sorted(pages.items()):
            text = page_text(page) if page.is_file() else ""
            text += said.get(path, "")
            squeezed = re.sub(r"[\W_]+", "", text)
            for line, word in words(sources[path], is_liquid):
                if word not in text and word not in squeezed:
                    lost_words.append((path, line, word))
    broken = [problem for problem in found if problem["id"] in BROKEN]
    print(f"{tree}: {len(pages)} pages, {len(lost_pages)} lost; {len(lost_words)} words lost; {len(broken)} broken")
    for path in lost_pages[:most]:
        print(f"  lost page  {path}")
    for path, line, word in lost_words[:most]:
        print(f"  lost word  {path}:{line}: {word}")
    for problem in broken:
        print(f"  {problem['id']}  {problem['path']}:{problem['line']}: {problem['message']}")
    return not lost_pages and not lost_words


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--handover", default=shutil.which("handover") or "handover", help="the program")
    parser.add_argument("--most", type=int, default=20, help="how much of what is lost is listed")
    parser.add_argument("tree", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    fine = [judge(arguments.handover, tree, arguments.most) for tree in arguments.tree]
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
