"""The generators that are run beside `handover`, each with a small theme: navigation of the section, a table of contents,
the way up, the pages before and after, highlighted code, and search where the generator has one.
"""

import os
from collections import namedtuple

from corpus import put

Peer = namedtuple("Peer", "build output caches")

PEERS = {
    "hugo": Peer(["build", "--quiet", "--cacheDir", "/tmp/handover-bench-hugo"], "public", ["resources", ".hugo_build.lock"]),
    "zola": Peer(["build"], "public", []),
    "mdbook": Peer(["build"], "book", []),
    "zensical": Peer(["build"], "site", [".cache"]),
    "mkdocs": Peer(["build", "--quiet"], "site", []),
}

CSS = "body{display:grid;grid-template-columns:17rem 1fr 14rem}table{border-collapse:collapse}pre{overflow:auto}\n"

HEAD = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'


def skeleton(folder, dialect, made):
    corpus, _, _ = made
    makers = {"hugo": hugo, "zola": zola, "mdbook": mdbook, "zensical": zensical, "mkdocs": mkdocs}
    if dialect in makers:
        makers[dialect](folder, corpus)


def hugo(folder, _corpus):
    put(os.path.join(folder, "hugo.toml"), """baseURL = "http://127.0.0.1/"
title = "Operations handbook"
disableKinds = ["taxonomy", "term", "RSS"]
[markup.highlight]
noClasses = false
[markup.goldmark.renderHooks.link]
useEmbedded = "always"
""")
    put(os.path.join(folder, "static/site.css"), CSS)
    put(os.path.join(folder, "layouts/_markup/render-blockquote.html"),
        '{{ if eq .Type "alert" }}<div class="note">{{ .Text }}</div>{{ else }}<blockquote>{{ .Text }}</blockquote>{{ end }}\n')
    put(os.path.join(folder, "layouts/baseof.html"), HEAD + """<title>{{ .Title }} - {{ site.Title }}</title>
<link rel="stylesheet" href="{{ "site.css" | relURL }}">
</head>
<body>
<nav>{{ with .CurrentSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a><ul>
{{ range .Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}{{ range .RegularPages }}<li><a href="{{ .RelPermalink }}"{{ if eq . $ }} aria-current="page"{{ end }}>{{ .Title }}</a></li>
{{ end }}</ul>{{ end }}</nav>
<main><p>{{ range .Ancestors.Reverse }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> / {{ end }}{{ .Title }}</p>
{{ block "main" . }}{{ .Content }}{{ end }}</main>
<aside>{{ .TableOfContents }}</aside>
</body>
</html>
""")
    put(os.path.join(folder, "layouts/page.html"), """{{ define "main" }}<article>{{ .Content }}</article>
<p>Owner: {{ .Params.owner }}. Severity: {{ .Params.severity }}.</p>
<p>{{ with .PrevInSection }}<a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>{{ end }}
""")
    for kind in ("home", "section"):
        put(os.path.join(folder, f"layouts/{kind}.html"), '{{ define "main" }}<article>{{ .Content }}</article>{{ end }}\n')


def zola(folder, _corpus):
    put(os.path.join(folder, "config.toml"), """base_url = "http://127.0.0.1"
title = "Operations handbook"
compile_sass = false
build_search_index = true
[markdown]
github_alerts = true
[markdown.highlighting]
light_theme = "github-light"
dark_theme = "github-dark"
style = "class"
""")
    put(os.path.join(folder, "static/site.css"), CSS)
    for name, page in (("page", "page"), ("section", "section"), ("index", "section")):
        section = ("{% set parent = page.ancestors | last %}{% set here = get_section(path=parent) %}" if page == "page"
                   else "{% set here = section %}")
        around = ("""<p>{% if page.lower %}<a rel="prev" href="{{ page.lower.path }}">{{ page.lower.title }}</a>{% endif %}
{% if page.higher %}<a rel="next" href="{{ page.higher.path }}">{{ page.higher.title }}</a>{% endif %}</p>
<p>Owner: {{ page.extra.owner }}. Severity: {{ page.extra.severity }}.</p>""" if page == "page" else "")
        put(os.path.join(folder, f"templates/{name}.html"), HEAD + f"""<title>{{{{ {page}.title }}}} - {{{{ config.title }}}}</title>
<link rel="stylesheet" href="/site.css">
</head>
<body>
<nav>{section}<a href="{{{{ here.path }}}}">{{{{ here.title }}}}</a><ul>
{{% for it in here.subsections %}}{{% set s = get_section(path=it, metadata_only=true) %}}<li><a href="{{{{ s.path }}}}">{{{{ s.title }}}}</a></li>
{{% endfor %}}{{% for it in here.pages %}}<li><a href="{{{{ it.path }}}}">{{{{ it.title }}}}</a></li>
{{% endfor %}}</ul></nav>
<main><p>{{% for it in {page}.ancestors %}}{{% set s = get_section(path=it, metadata_only=true) %}}<a href="{{{{ s.path }}}}">{{{{ s.title }}}}</a> / {{% endfor %}}</p>
<article>{{{{ {page}.content | safe }}}}</article>
{around}</main>
<aside><ul>{{% for one in {page}.toc %}}{{% for two in one.children %}}<li><a href="#{{{{ two.id }}}}">{{{{ two.title }}}}</a></li>{{% endfor %}}{{% endfor %}}</ul></aside>
</body>
</html>
""")


def mdbook(folder, corpus):
    put(os.path.join(folder, "book.toml"), '[book]\ntitle = "Operations handbook"\nsrc = "src"\n')
    lines = ["# Summary", "", "[Operations handbook](index.md)", ""]
    for area, folders in corpus.areas.items():
        lines.append(f"- [{area}]({area}/index.md)")
        for below in folders:
            lines.append(f"  - [{below}]({below}/index.md)")
            lines += [f"    - [{document.title}]({document.path})" for document in corpus.folders[below]]
    put(os.path.join(folder, "src/SUMMARY.md"), "\n".join(lines) + "\n")


def mkdocs(folder, _corpus):
    put(os.path.join(folder, "mkdocs.yml"), """site_name: Operations handbook
site_url: http://127.0.0.1/
theme:
  name: material
  font: false
  features: [navigation.indexes, navigation.footer, navigation.path, navigation.prune]
plugins: [search]
markdown_extensions:
  - admonition
  - tables
  - toc: { permalink: true }
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.tasklist
""")


def zensical(folder, _corpus):
    put(os.path.join(folder, "zensical.toml"), """[project]
site_name = "Operations handbook"
site_url = "http://127.0.0.1/"
[project.theme]
font = false
features = ["navigation.indexes", "navigation.footer", "navigation.path", "navigation.prune"]
[project.markdown_extensions]
admonition = {}
tables = {}
toc.permalink = true
pymdownx.highlight = {}
pymdownx.superfences = {}
pymdownx.tasklist = {}
""")
