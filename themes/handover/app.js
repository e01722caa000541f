// What a page gains with script. Everything it says stands in the HTML before this runs.
(function () {
  "use strict";
  var html = document.documentElement;
  var root = document.currentScript.dataset.root;
  var live = document.getElementById("live");
  var wide = matchMedia("(min-width: 80rem)");

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  function element(name, properties, text) {
    var made = Object.assign(document.createElement(name), properties);
    if (text) made.textContent = text;
    return made;
  }

  // An unchanged text is not announced again, so the region is emptied first.
  function announce(text) {
    live.textContent = "";
    setTimeout(function () { live.textContent = text; }, 50);
  }

  // A browser may refuse storage to a page from disk.
  function stored(key) {
    try { return localStorage.getItem("handover:" + key); } catch (e) { return null; }
  }

  function store(key, value) {
    try {
      if (value) localStorage.setItem("handover:" + key, value);
      else localStorage.removeItem("handover:" + key);
    } catch (e) { /* it holds for this page */ }
  }

  // Theme: auto, light, dark.
  function theme(button) {
    var order = ["auto", "light", "dark"];
    function label() {
      var name = html.dataset.theme || "auto";
      button.setAttribute("aria-label", "Theme: " + name + ". Change theme");
      button.title = "Theme: " + name;
      return name;
    }
    button.addEventListener("click", function () {
      var next = order[(order.indexOf(label()) + 1) % 3];
      if (next === "auto") delete html.dataset.theme;
      else html.dataset.theme = next;
      store("theme", next === "auto" ? null : next);
      announce("Theme: " + label());
    });
    label();
  }

  // Copy. Without https there is no navigator.clipboard.
  function copy(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    var active = document.activeElement;
    var area = element("textarea", { value: text, className: "vh", readOnly: true });
    document.body.append(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    active.focus();
    return done ? Promise.resolve() : Promise.reject();
  }

  function copyButton(name, text) {
    var button = element("button", { type: "button", className: "copy" }, "Copy");
    button.setAttribute("aria-label", "Copy " + name);
    button.addEventListener("click", function () {
      function say(word, sentence) {
        button.textContent = word;
        announce(sentence);
        setTimeout(function () { button.textContent = "Copy"; }, 2000);
      }
      copy(text()).then(
        function () { say("Copied", "Copied " + name); },
        function () { say("Not copied", "The browser did not allow to copy"); });
    });
    return button;
  }

  // The commands of a block: no prompt characters, no output.
  function commands(pre) {
    var code = pre.cloneNode(true);
    all(".prompt, .out", code).forEach(function (part) { part.remove(); });
    return code.textContent.replace(/\s+$/, "");
  }

  function codeBlock(figure) {
    var pre = figure.querySelector("pre");
    if (!pre || !commands(pre)) return;
    var caption = figure.querySelector("figcaption");
    if (!caption) {
      caption = element("figcaption");
      caption.append(element("span"));
      figure.prepend(caption);
    }
    caption.append(copyButton("code", function () { return commands(pre); }));
  }

  // On this page: closed where it stands above the article; shows where the reader is.
  function toc(details) {
    var links = all("a", details);
    var headings = links.map(function (link) {
      return document.getElementById(decodeURIComponent(link.hash.slice(1)));
    });
    var asked = false;
    function fit() { details.open = wide.matches; }
    function spy() {
      asked = false;
      var line = parseFloat(getComputedStyle(html).scrollPaddingTop) + 8;
      var end = innerHeight + scrollY >= html.scrollHeight - 2 && scrollY > 0;
      var at = -1;
      headings.forEach(function (heading, index) {
        if (heading && (end || heading.getBoundingClientRect().top <= line)) at = index;
      });
      links.forEach(function (link, index) {
        if (index === at) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
    }
    function ask() {
      if (!asked) requestAnimationFrame(spy);
      asked = true;
    }
    fit();
    wide.addEventListener("change", fit, { signal: leave.signal });
    addEventListener("scroll", ask, { passive: true, signal: leave.signal });
    // Headings also move when something above them opens.
    var observer = new IntersectionObserver(ask);
    headings.forEach(function (heading) { if (heading) observer.observe(heading); });
  }

  // The state of register and sort lives in the fragment, so that a link carries it.
  function fragment() {
    return new URLSearchParams(location.hash.indexOf("=") > 0 ? location.hash.slice(1) : "");
  }

  function remember(changes) {
    var state = fragment();
    Object.keys(changes).forEach(function (key) {
      if (changes[key]) state.set(key, changes[key]);
      else state.delete(key);
    });
    history.replaceState(null, "", String(state) ? "#" + state : location.pathname + location.search);
  }

  function filter(form) {
    var table = document.getElementById(form.dataset.for);
    var rows = all("tbody tr", table);
    var fields = all("input, select", form);
    var count = form.querySelector(".count");
    var none = document.getElementById(form.dataset.for + "-none");
    function apply() {
      var shown = 0;
      rows.forEach(function (row) {
        row.hidden = !fields.every(function (field) {
          if (!field.value) return true;
          if (field.name === "q") return row.textContent.toLowerCase().indexOf(field.value.toLowerCase()) >= 0;
          return row.dataset[field.name] === field.value;
        });
        if (!row.hidden) shown += 1;
      });
      none.hidden = shown > 0;
      count.textContent = shown + " of " + rows.length + " " + (form.dataset.noun || "documents");
    }
    function restore() {
      var state = fragment();
      fields.forEach(function (field) { field.value = state.get(field.name) || ""; });
      apply();
    }
    var waiting;
    form.addEventListener("input", function () {
      var state = {};
      fields.forEach(function (field) { state[field.name] = field.value; });
      remember(state);
      apply();
      clearTimeout(waiting);
      waiting = setTimeout(function () { announce(count.textContent); }, 500);
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    none.querySelector("button").addEventListener("click", function () {
      form.reset();
      form.dispatchEvent(new Event("input"));
      fields[0].focus();
    });
    addEventListener("hashchange", restore, { signal: leave.signal });
    restore();
  }

  function sort(table) {
    var heads = all("thead th", table);
    var body = table.tBodies[0];
    var rows = all("tr", body);
    function key(row, column) {
      var cell = row.cells[column];
      return cell.dataset.key || cell.textContent.trim();
    }
    function by(column, down) {
      var order = rows.slice().sort(function (a, b) {
        return (down ? -1 : 1) * key(a, column).localeCompare(key(b, column), undefined, { numeric: true });
      });
      order.forEach(function (row) { body.append(row); });
      heads.forEach(function (head, index) {
        if (index === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
    }
    heads.forEach(function (head, column) {
      var button = element("button", { type: "button" });
      button.append.apply(button, Array.prototype.slice.call(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        by(column, down);
        remember({ sort: (down ? "-" : "") + column });
        announce("Sorted by " + button.textContent + ", " + head.getAttribute("aria-sort"));
      });
    });
    var state = /^(-?)(\d+)$/.exec(fragment().get("sort") || "");
    if (state && heads[state[2]]) by(Number(state[2]), state[1] === "-");
  }

  // The versions of the site are listed in one file above them all, which none of them knows at build time. What each
  // has is listed in a file of its own, read when it is needed: a document may be elsewhere in it, or not at all.
  function versions(label) {
    var current = label.textContent;
    var here = document.body.dataset;
    var lists = {};

    function folder(version) { return root + "../" + encodeURIComponent(version) + "/"; }

    function load(src, done) {
      document.head.append(element("script", { src: src, onload: done, onerror: done }));
    }

    // Calls back with the pages of a version; with nothing where an older handover did not list them.
    function list(version, done) {
      if (lists[version]) return done(lists[version]);
      load(folder(version) + "pages.js", function () { done(lists[version]); });
    }
    window.handoverPages = function (version, pages) { lists[version] = pages; };

    // A link to this page as another version has it, or to the register of one that lacks it, which is said by `lacks`.
    function lead(version, lacks) {
      var link = element("a", { href: folder(version) + "index.html" }, version);
      function find() {
        list(version, function (pages) {
          if (!pages) return;
          var id = here.document;
          if (!id && pages.pages.indexOf(here.page) >= 0) link.href = folder(version) + here.page;
          if (!id) return;
          var at = Object.prototype.hasOwnProperty.call(pages.documents, id) && pages.documents[id];
          link.href = folder(version) + (at || "documents.html");
          if (!at) lacks(link);
        });
      }
      return { link: link, find: find };
    }

    window.handoverVersions = function (site) {
      if (site.versions.length < 2 || !label.showPopover) return;
      var menu = element("ul", { id: "versions", popover: "auto" });
      var leads = [];
      site.versions.slice().reverse().forEach(function (version) {
        var item = element("li");
        var way = version === current ? { link: element("a", { href: "" }, version) } : lead(version, function (link) {
          link.append(element("span", {}, "does not have this document"));
          place();
        });
        if (way.find) leads.push(way);
        else way.link.setAttribute("aria-current", "true");
        if (site.released.indexOf(version) < 0) way.link.append(element("span", {}, "not released"));
        item.append(way.link);
        menu.append(item);
      });
      var button = element("button", { type: "button", className: "version" }, current);
      button.setAttribute("aria-label", current + ", other versions");
      button.popoverTargetElement = menu;
      // Below its button, and on the screen with all of it.
      function place() {
        menu.style.left = 0;
        var room = html.clientWidth - menu.offsetWidth - 8;
        menu.style.left = Math.min(button.getBoundingClientRect().left, room) + "px";
      }
      menu.addEventListener("toggle", function (event) {
        if (event.newState !== "open") return;
        place();
        leads.splice(0).forEach(function (way) { way.find(); });
      });
      label.replaceWith(button, menu);
      if (site.versions.indexOf(current) < site.versions.indexOf(site.latest)) {
        var note = element("div", { className: "banner c-info" });
        var text = element("p", {}, "You read " + current + "; ");
        var newer = lead(site.latest, function () { text.append(" It does not have this document."); });
        note.setAttribute("role", "note");
        text.append(newer.link, " is newer.");
        note.append(text);
        document.getElementById("main").prepend(note);
        newer.find();
      }
    };
    load(root + "../versions.js");
  }

  // Search comes with its own script, when it is asked for.
  var search = document.querySelector(".top .search");
  function openSearch() {
    if (window.handoverSearch) return handoverSearch.show();
    var script = element("script", { src: root + "search.js" });
    script.dataset.root = root;
    script.onload = function () { handoverSearch.show(); };
    script.onerror = function () { location.href = search.href; };
    document.head.append(script);
  }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("keydown", function (event) {
    var control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    var slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (control && event.key.toLowerCase() === "k" || slash && !typing(event.target) && stored("keys") !== "off") {
      event.preventDefault();
      openSearch();
    }
  });

  search.setAttribute("aria-haspopup", "dialog");
  search.addEventListener("click", function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSearch();
  });
  if (document.getElementById("find")) openSearch();

  function keys(box) {
    box.checked = stored("keys") !== "off";
    box.addEventListener("change", function () { store("keys", box.checked ? null : "off"); });
  }

  // The drawer and the current page in a long navigation.
  function nav(list) {
    var current = list.querySelector("[aria-current]");
    if (current && current.offsetTop > list.clientHeight * .75) list.scrollTop = current.offsetTop - list.clientHeight / 3;
  }

  // A section that stands elsewhere today: without script, its link is shown.
  function follow() {
    var moved = all(".moved").find(function (one) { return "#" + encodeURIComponent(one.id) === location.hash || "#" + one.id === location.hash; });
    if (moved) location.replace(moved.querySelector("a").href);
  }
  addEventListener("hashchange", follow);
  follow();

  // What stands in the page itself; again when `handover serve` has put other content there.
  var leave;
  window.handoverEnhance = function () {
    if (leave) leave.abort();
    leave = new AbortController();
    all("figure.code").forEach(codeBlock);
    all("[data-copy]").forEach(function (code) {
      code.after(" ", copyButton("digest", function () { return code.dataset.copy; }));
    });
    all(".toc details").forEach(toc);
    all("table.sortable").forEach(sort);
    all("form.filter").forEach(filter);
    all("#keys").forEach(keys);
    all("#nav").forEach(nav);
  };

  all("button.theme").forEach(theme);
  all(".version").forEach(versions);
  handoverEnhance();
})();
