// Keeps an open page up to date while `handover serve` runs. Comes with app.js, and from this server alone; to a page without
// that script, such as the sign-off sheet, the server gives it by itself and says what page it is.
(function () {
  "use strict";
  if (window.handoverLive) return;
  window.handoverLive = true;
  var script = document.currentScript;
  var kind = script && script.dataset.page || "";
  var main = document.getElementById("main");
  var theme = "THEME";
  var page = shownPage();
  var dismissed = "";
  var said = "";
  var busy = false;
  var again = false;
  var events;
  var box = null;
  var moves = new MutationObserver(place);

  // Which bytes the page was made of: a script cannot read the ETag of its own page, but this.
  function shownPage() {
    var entry = performance.getEntriesByType("navigation")[0];
    var timing = entry && entry.serverTiming && entry.serverTiming[0];
    return timing ? timing.description : "";
  }

  // A browser keeps few connections to one server: a page that nobody sees gives its own back.
  function listen() {
    if (document.hidden) {
      if (events) events.close();
      events = null;
    } else if (!events) {
      events = new EventSource("/__handover/events");
      events.onmessage = function (event) {
        var now = JSON.parse(event.data);
        show(now.problems);
        // A search that is open goes on with what was written last; one in a theme of the project may not know how.
        if (window.handoverSearch && handoverSearch.forget) handoverSearch.forget();
        if (main && theme && now.theme && theme !== now.theme) location.reload();
        else update();
      };
    }
  }

  function update() {
    if (busy) { again = true; return; }
    busy = true;
    fetch(location.pathname + location.search, { cache: "no-cache" }).then(function (response) {
      return response.text().then(function (text) {
        var tag = (response.headers.get("etag") || "").replace(/"/g, "");
        // What a page cannot be is left to the overlay; one that is gone says so itself.
        if (response.status === 500) return kind !== "broken" ? show([new DOMParser().parseFromString(text, "text/html").body.innerText]) : null;
        if (kind === "missing" || !response.ok) {
          // Once it is there, or no longer.
          if (response.ok || kind !== "missing") location.reload();
        } else if (kind || !main || !window.handoverEnhance || document.getElementById("find")) {
          if (kind === "broken" || page && tag !== page) location.reload();
        } else if (page && tag !== page) {
          take(new DOMParser().parseFromString(text, "text/html"));
        }
        page = tag;
      });
    }).catch(function () { /* the server ended; the next event comes when it is back */ }).then(function () {
      busy = false;
      if (again) { again = false; update(); }
    });
  }

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  // Names an element so that the same one is found in the next state of the page.
  function names(elements, name) {
    var seen = {};
    return elements.map(function (element) {
      var key = name(element);
      seen[key] = (seen[key] || 0) + 1;
      return key + " " + seen[key];
    });
  }

  function details() {
    var elements = all("details");
    var keys = names(elements, function (element) { return (element.firstElementChild || element).textContent; });
    return { elements: elements, keys: keys };
  }

  function fields() {
    var elements = all("a, button, input, select, summary, textarea, [tabindex]");
    var keys = names(elements, function (element) {
      return [element.tagName, element.id, element.name || "", element.getAttribute("href") || "", element.tagName === "SUMMARY" || element.tagName === "BUTTON" ? element.textContent : ""].join("|");
    });
    return { elements: elements, keys: keys };
  }

  // The last thing with an id above the reader's eyes: it stays where it is on the screen.
  function landmark() {
    var found = null;
    all("#main [id]").forEach(function (element) {
      var top = element.getBoundingClientRect().top;
      if (element.id && top <= innerHeight / 3) found = { id: element.id, top: top };
    });
    return scrollY > 0 ? found : null;
  }

  function take(next) {
    var fresh = next.getElementById("main");
    if (!fresh) return location.reload();
    var open = {};
    var before = details();
    before.keys.forEach(function (key, index) { open[key] = before.elements[index].open; });
    var held = fields();
    var at = held.elements.indexOf(document.activeElement);
    var focus = at < 0 ? null : held.keys[at];
    var selection = at >= 0 && typeof document.activeElement.selectionStart === "number"
      ? [document.activeElement.value, document.activeElement.selectionStart, document.activeElement.selectionEnd] : null;
    var mark = landmark();
    var y = scrollY;
    var nav = document.getElementById("nav");
    var down = nav ? nav.scrollTop : 0;
    var newer = main.querySelector(":scope > .banner");

    replace("#main", next);
    replace("#nav", next);
    replace(".grid > .toc", next);
    replace(".top .project", next);
    main = document.getElementById("main");
    if (newer) main.prepend(newer);
    document.title = next.title;
    Array.prototype.forEach.call(next.body.attributes, function (attribute) {
      document.body.setAttribute(attribute.name, attribute.value);
    });
    document.documentElement.lang = next.documentElement.lang;
    window.handoverEnhance();

    var after = details();
    after.keys.forEach(function (key, index) { if (key in open) after.elements[index].open = open[key]; });
    nav = document.getElementById("nav");
    if (nav) nav.scrollTop = down;
    if (focus !== null) {
      var now = fields();
      var element = now.elements[now.keys.indexOf(focus)] || main;
      element.focus({ preventScroll: true });
      if (selection && typeof element.selectionStart === "number") {
        element.value = selection[0];
        element.setSelectionRange(selection[1], selection[2]);
      }
    }
    var seen = mark && document.getElementById(mark.id);
    scrollTo({ top: seen ? scrollY + seen.getBoundingClientRect().top - mark.top : y, behavior: "instant" });
  }

  function replace(selector, next) {
    var here = document.querySelector(selector);
    var there = next.querySelector(selector);
    if (here && there) {
      // The element itself stays: an open menu stays open.
      here.replaceChildren.apply(here, Array.prototype.slice.call(document.importNode(there, true).childNodes));
    } else if (here) {
      here.remove();
    } else if (there) {
      document.getElementById("main").before(document.importNode(there, true));
    }
  }

  function element(name, text) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    return made;
  }

  function show(problems) {
    var text = problems.join("\n");
    // What is the same stays: with its focus, and said once.
    if (box && text === said) return;
    hide();
    said = text;
    if (!text) dismissed = "";
    if (!text || text === dismissed || kind === "broken") return;
    if (!document.querySelector("link[href='/__handover/live.css']")) {
      var style = element("link");
      style.rel = "stylesheet";
      style.href = "/__handover/live.css";
      document.head.append(style);
    }
    box = element("section");
    box.id = "handover-problems";
    box.setAttribute("role", "alert");
    box.setAttribute("aria-label", "Problems");
    var close = element("button", "Close");
    close.type = "button";
    close.addEventListener("click", function () {
      dismissed = text;
      hide();
    });
    box.append(close, element("h2", "The project has " + (problems.length === 1 ? "a problem" : problems.length + " problems")));
    problems.forEach(function (problem) { box.append(element("pre", problem)); });
    place();
    // A dialog that opens or closes takes the errors along.
    moves.observe(document.body, { attributes: true, attributeFilter: ["open"], subtree: true });
  }

  function hide() {
    moves.disconnect();
    if (box) box.remove();
    box = null;
  }

  // What stands below an open dialog is neither seen well, nor can it be closed or read aloud.
  function place() {
    var over = document.querySelector("dialog[open]") || document.body;
    if (box.parentNode !== over) over.append(box);
  }

  document.addEventListener("visibilitychange", listen);
  listen();
})();
