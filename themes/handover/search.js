// Search, in the index that stands beside the pages. Loaded when search is opened for the first time.
(function () {
  "use strict";
  var root = document.currentScript.dataset.root;

  // Words: as render/search/tokens.rs has them.
  var STOP = new Set(("a an and are as at be but by for if in into is it of on or that the their then there these they "
    + "this to was will with").split(" "));
  var DENSE = "\\u3005-\\u3007\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
  var LETTER = "(?:(?![" + DENSE + "])[\\p{Alphabetic}\\p{N}])";
  var RUN = new RegExp("(?=[\\p{Alphabetic}\\p{N}])[" + DENSE + "]+|" + LETTER + "+(?:[_.-]" + LETTER + "+)*", "gu");
  var IS_DENSE = new RegExp("^[" + DENSE + "]", "u");

  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ς/g, "σ");
  }

  function whole(text) { return fold(text).trim().split(/\s+/).join(" "); }

  // The words of each run of letters; of a compound, the whole of it too.
  function runs(text) {
    return (fold(text).match(RUN) || []).map(function (run) {
      var letters = Array.from(run);
      if (IS_DENSE.test(run)) {
        return { words: letters.length === 1 ? letters : letters.slice(1).map(function (letter, at) { return letters[at] + letter; }) };
      }
      var parts = run.split(/[_.-]/);
      return { whole: parts.length > 1 ? run : "", words: parts.filter(function (word) { return !STOP.has(word); }) };
    });
  }

  function words(text) {
    return runs(text).flatMap(function (run) { return run.whole ? [run.whole].concat(run.words) : run.words; });
  }

  // What is asked for: the words that a document must have, and the compounds, which tell more where it has them. The index
  // knows a compound by the longest run alone: "mq-server" stands in it as "ilg-mq-server-0" and as its parts.
  function question(text) {
    var asked = new Map(), all = runs(text);
    // The last word may go on.
    var ends = !!text.slice(-1).trim();
    all.forEach(function (run, at) {
      var last = ends && at === all.length - 1;
      // An address or a date is one number: its parts stand everywhere.
      var must = run.whole && run.words.every(function (word) { return /^\p{N}+$/u.test(word); }) ? [run.whole] : run.words;
      must.forEach(function (word, at) { add(word, last && at === must.length - 1, true); });
      if (run.whole) add(run.whole, last, false);
    });
    function add(word, prefix, must) {
      var known = asked.get(word);
      if (known) { known.prefix = known.prefix || prefix; known.must = known.must || must; }
      else asked.set(word, { word: word, prefix: prefix, must: must });
    }
    return Array.from(asked.values());
  }

  // Parts of the index, each a script that calls back with what it is a part of: numbers of one index mean nothing in another,
  // and the files may be written anew while the page is open.
  var given = {};
  window.handoverIndex = function (name, data, index) { given[name] = { data: data, index: index }; };

  function load(name, query) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = root + "search/" + name + ".js" + query;
      script.onload = function () {
        script.remove();
        if (name in given) done(given[name]);
        else failed(new Error(name));
        delete given[name];
      };
      script.onerror = function () { script.remove(); failed(new Error(name)); };
      document.head.append(script);
    });
  }

  function part(head, name) {
    head.parts[name] = head.parts[name] || load(name, head.query).then(function (part) {
      if (part.index !== head.index) throw Object.assign(new Error(name), { changed: true });
      return part.data;
    });
    return head.parts[name];
  }

  var opened;
  function open(again) {
    // What a cache keeps may be of the index before.
    var mark = again && /^http/.test(location.protocol) ? "?" : "";
    opened = opened || load("index", mark && mark + Date.now()).then(function (part) {
      var head = part.data, of = [];
      head.starts = head.sections.split(" ").map(function (count, document) {
        var start = of.length;
        for (var section = parseInt(count, 36); section > 0; section--) of.push(document);
        return start;
      });
      return Object.assign(head, { of: of, index: part.index, query: mark && mark + part.index, parts: {}, lists: {} });
    });
    return opened;
  }

  // Does something with the index; where a part of it does not come or is of another one, once more with what is there now.
  function withIndex(use) {
    function forget(mine) {
      return function (error) {
        if (opened === mine) opened = null;
        throw error;
      };
    }
    var first = open(), came = false;
    return first.then(function (head) { came = true; return use(head); }).catch(forget(first)).catch(function (error) {
      if (!came) throw error;
      var second = open(true);
      return second.then(use).catch(forget(second));
    });
  }

  function list(head, number) {
    head.lists[number] = head.lists[number] || part(head, "t" + number).then(function (data) {
      return { words: data[0].split("\n"), sections: data[1].split("\n") };
    });
    return head.lists[number];
  }

  // The first place in order that is not before the word.
  function place(order, word) {
    var low = 0, high = order.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (order[middle] < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Words that begin like this stand in neighboring parts. Two letters may begin very many words: the first parts will do.
  var MOST_PARTS = 3;

  function matches(head, word, prefix, most) {
    var from = Math.max(0, place(head.words, word) - (head.words[place(head.words, word)] === word ? 0 : 1));
    var to = prefix ? Math.max(from + 1, place(head.words, word + "\uffff")) : from + 1;
    var numbers = [];
    for (var number = from; number < Math.min(to, from + (most || MOST_PARTS), head.words.length); number++) numbers.push(number);
    return Promise.all(numbers.map(function (number) { return list(head, number); })).then(function (parts) {
      var found = [];
      parts.forEach(function (part) {
        for (var at = place(part.words, word); at < part.words.length; at++) {
          var known = part.words[at];
          if (known !== word && !(prefix && known.startsWith(word))) break;
          found.push({ word: known, sections: part.sections[at], worth: known === word ? 1 : .5 * word.length / known.length });
        }
      });
      return found;
    });
  }

  // One letter more, less or other, or two that changed places.
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1 || a === b) return false;
    var start = 0, enda = a.length, endb = b.length;
    while (start < enda && start < endb && a[start] === b[start]) start++;
    while (enda > start && endb > start && a[enda - 1] === b[endb - 1]) { enda--; endb--; }
    var resta = enda - start, restb = endb - start;
    return resta <= 1 && restb <= 1
      || resta === 2 && restb === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
  }

  // A number that is nearly the same is another number.
  function mistyped(head, word) {
    if (word.length < 5 || /\p{N}/u.test(word)) return Promise.resolve([]);
    var all = head.words.length > 1
      ? part(head, "words").then(function (text) { return text.split(" "); })
      : list(head, 0).then(function (part) { return part.words; });
    return all.then(function (all) {
      var meant = all.filter(function (known) { return known[0] !== "=" && near(word, known) && !/\p{N}/u.test(known); }).slice(0, 20);
      return Promise.all(meant.map(function (known) { return matches(head, known, false); }));
    }).then(function (found) {
      return found.flat().map(function (match) { return Object.assign(match, { worth: .3 }); });
    });
  }

  // Adds what the sections of the matches are worth, and returns the best of each document.
  function weigh(head, found) {
    var sections = new Map(), documents = new Map();
    found.forEach(function (match) {
      var section = -1;
      match.sections.split(" ").forEach(function (step) {
        var dot = step.indexOf(".");
        section += parseInt(step, 36);
        var worth = match.worth * (dot < 0 ? 1 : parseInt(step.slice(dot + 1), 36));
        if (worth > (sections.get(section) || 0)) sections.set(section, worth);
      });
    });
    sections.forEach(function (worth, section) {
      var document = head.of[section];
      if (worth > (documents.get(document) || 0)) documents.set(document, worth);
    });
    var rare = Math.log(1 + head.documents / (documents.size || 1));
    return { sections: sections, documents: documents, rare: rare };
  }

  function rank(head, query, found, kept) {
    var best = [];
    // A compound as it was typed says more than its parts, wherever they stand.
    var weighed = found.map(function (matches, at) {
      var one = weigh(head, matches);
      return query[at].must ? one : Object.assign(one, { rare: 3 * one.rare });
    });
    var must = weighed.filter(function (_, at) { return query[at].must; });
    var rarest = must.reduce(function (a, b) { return b.documents.size < a.documents.size ? b : a; });
    rarest.documents.forEach(function (_, document) {
      var score = 0;
      if (!kept(document) || !must.every(function (word) { return word.documents.has(document); })) return;
      for (var word of weighed) score += word.rare * (word.documents.get(document) || 0);
      var found = section(head, weighed, document);
      best.push({ document: document, score: score + found.worth, section: found.at });
    });
    return best;
  }

  // The section that says most about the words: where they stand together, the document says more too.
  function section(head, weighed, document) {
    var first = head.starts[document], end = head.starts[document + 1];
    if (end === undefined) end = head.of.length;
    var chosen = first, most = 0;
    for (var at = first; at < end; at++) {
      var sum = 0;
      for (var word of weighed) sum += word.rare * (word.sections.get(at) || 0);
      if (sum > most) { most = sum; chosen = at; }
    }
    return { at: chosen - first, worth: most };
  }

  // One that is not finished, without a value or the second quote, does not filter yet.
  var FILTER = /(?:^|\s)(status|owner):(?:"([^"]*)("?)|(\S*))/gi;

  function keep(head, text, chosen) {
    var wanted = Object.assign({}, chosen);
    var rest = text.replace(FILTER, function (_, name, quoted, end, plain) {
      var value = end ? quoted.trim() : plain;
      if (value) wanted[name.toLowerCase()] = value;
      return " ";
    });
    var status = wanted.status && fold(wanted.status), owner = wanted.owner && fold(wanted.owner);
    function kept(document) {
      var badge = head.statuses[parseInt(head.status[document], 36)];
      var name = head.owners[head.owner[document]];
      return (!status || !!badge && (badge[0] === status || fold(badge[1]) === status))
        && (!owner || !!name && fold(name).indexOf(owner) >= 0);
    }
    return { rest: rest, kept: kept, filtered: !!(status || owner) };
  }

  // Ranks the documents, each with the section to open. What is not a question has no `best`.
  function ranked(head, text, chosen) {
    var asked = keep(head, text, chosen);
    var query = question(asked.rest);
    if (!asked.rest.trim()) {
      var all = [];
      for (var document = 0; asked.filtered && document < head.documents; document++) {
        if (asked.kept(document)) all.push({ document: document, score: 0, section: 0 });
      }
      return Promise.resolve({ head: head, query: query, best: asked.filtered ? all : null });
    }
    var name = whole(asked.rest);
    var exact = matches(head, "=" + name, true, name.length > 1 ? 2 : 1);
    var found = query.map(function (one) { return matches(head, one.word, one.prefix); });
    return Promise.all([exact].concat(found)).then(function (found) {
      var names = found.shift();
      var best = query.length ? rank(head, query, found, asked.kept) : [];
      if (best.length >= 3 || !query.length) return [names, best];
      return Promise.all(query.map(function (one) { return one.must ? mistyped(head, one.word) : []; })).then(function (more) {
        if (!more.some(function (more) { return more.length; })) return [names, best];
        return [names, rank(head, query, found.map(function (matches, at) { return matches.concat(more[at]); }), asked.kept)];
      });
    }).then(function (both) {
      var best = both[1], known = new Map(best.map(function (result) { return [result.document, result]; }));
      // A name that was typed in full stands above all, one that was begun above its like.
      both[0].forEach(function (match) {
        weigh(head, [match]).documents.forEach(function (_, document) {
          var result = known.get(document);
          if (!result && !asked.kept(document)) return;
          if (!result) {
            if (match.worth < 1 && query.length) return;
            best.push(result = { document: document, score: 0, section: 0 });
            known.set(document, result);
          }
          if (match.worth === 1) { result.score += 1000; result.section = 0; }
          else result.score += 10;
        });
      });
      best.sort(function (a, b) { return b.score - a.score || a.document - b.document; });
      return { head: head, query: query, best: best };
    });
  }

  // Returns what is found: the best documents with their texts, and how many there are.
  function find(text, chosen) {
    return withIndex(function (head) {
      return ranked(head, text, chosen).then(function (found) {
        return described(head, found.best || []).then(function (results) { return Object.assign(found, { results: results }); });
      });
    });
  }

  // How many results are shown: each part of a large index costs a file.
  function shown(head) { return head.words.length > 1 ? 10 : 30; }

  function described(head, best) {
    return Promise.all(best.slice(0, shown(head)).map(function (result) {
      return part(head, "d" + Math.floor(result.document / head.part)).then(function (documents) {
        var document = documents[result.document % head.part];
        var section = document[3][result.section];
        return {
          id: document[0],
          title: document[1],
          heading: section[1],
          href: document[2].split("/").map(encodeURIComponent).join("/") + (section[0] ? "#" + section[0] : ""),
          text: section[2],
          badge: head.statuses[parseInt(head.status[result.document], 36)]
        };
      });
    }));
  }

  // Nobody types more; what was pasted is looked for as far as this.
  var MOST_LETTERS = 200;

  function cut(text, most) { return text.length > most ? Array.from(text.slice(0, 2 * most)).slice(0, most).join("") : text; }

  function shortened(text) { return text.length > 60 ? cut(text, 60).trim() + " …" : text; }

  // What is seen.
  function element(name, properties, text) {
    var made = Object.assign(document.createElement(name), properties);
    if (text) made.textContent = text;
    return made;
  }

  function chip(badge) {
    var made = element("span", { className: "chip c-" + badge[2] });
    var picture = '<svg xmlns="http://www.w3.org/2000/svg" class="i" viewBox="0 0 16 16" aria-hidden="true">' + badge[3] + "</svg>";
    made.append(document.importNode(new DOMParser().parseFromString(picture, "image/svg+xml").documentElement, true), badge[1]);
    return made;
  }

  // The text with the words that were looked for marked.
  function marked(text, query) {
    var made = document.createDocumentFragment();
    text.split(/([\p{Alphabetic}\p{N}\p{M}]+)/u).forEach(function (piece, at) {
      var plain = at % 2 && fold(piece);
      var hit = plain && query.some(function (one) { return plain.startsWith(one.word); });
      made.append(hit ? element("mark", {}, piece) : piece);
    });
    return made;
  }

  function option(result, query, id) {
    var item = element("li", { id: id });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.href = root + result.href;
    var title = element("b", {}, result.title);
    if (result.heading) title.append(element("span", {}, " › " + result.heading));
    item.append(title);
    if (result.badge) item.append(" ", chip(result.badge));
    if (result.text) {
      var text = element("p");
      text.append(marked(result.text, query));
      item.append(text);
    }
    return item;
  }

  var boxes = 0;

  // Puts a field, the filters and the results into a box, and returns the field.
  function mount(box, kept) {
    var name = "found-" + boxes++;
    var field = element("input", { type: "text", inputMode: "search", autocomplete: "off", spellcheck: false });
    var results = element("ul", { id: name, className: "results" });
    var said = element("p", { className: "said" });
    var filters = element("div", { className: "filters" });
    var selected = -1, turn = 0, timer;
    // The question that the results answer, and what was pressed before they came.
    var answered = 0, entered = null;
    Object.entries({
      "role": "combobox", "aria-expanded": "false", "aria-controls": name, "aria-autocomplete": "list",
      "aria-label": "Search", "placeholder": "Search"
    }).forEach(function (pair) { field.setAttribute(pair[0], pair[1]); });
    results.setAttribute("role", "listbox");
    results.setAttribute("aria-label", "Results");
    said.setAttribute("role", "status");
    box.append(field, filters, said, results);

    var selects = {}, offered;
    function select(label, name, values) {
      var made = selects[name];
      if (!made) {
        if (!values.length) return;
        made = selects[name] = element("select");
        var outer = element("label", {}, label + " ");
        outer.append(made);
        made.addEventListener("change", look);
        filters.append(outer);
      }
      var chosen = made.value;
      var options = values.map(function (value) { return new Option(value[1], value[0]); });
      made.replaceChildren.apply(made, [new Option("Any", "")].concat(options));
      if (values.some(function (value) { return value[0] === chosen; })) made.value = chosen;
    }

    // Offers the statuses and owners that there are now.
    function offer(head) {
      if (head === offered) return;
      offered = head;
      select("Status", "status", head.statuses.filter(function (_, at) { return head.status.indexOf(at.toString(36)) >= 0; }));
      select("Owner", "owner", head.owners.slice().sort().map(function (owner) { return [owner, owner]; }));
    }

    function say(text) { said.textContent = text; }

    function choose(at) {
      var items = results.children;
      if (items[selected]) items[selected].setAttribute("aria-selected", "false");
      selected = items.length ? (at + items.length) % items.length : -1;
      if (selected < 0) return field.removeAttribute("aria-activedescendant");
      items[selected].setAttribute("aria-selected", "true");
      items[selected].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", items[selected].id);
    }

    // An option cannot hold a link, so it is one.
    function go(item, event) {
      var href = item.dataset.href;
      if (event.ctrlKey || event.metaKey || event.button === 1) return window.open(href, "_blank", "noopener");
      if (dialog && dialog.open) dialog.close();
      location.href = href;
    }

    function show(items, text) {
      var enter = entered;
      entered = null;
      answered = turn;
      results.replaceChildren.apply(results, items);
      field.setAttribute("aria-expanded", String(items.length > 0));
      choose(items.length ? 0 : -1);
      // What is typed on is not yet worth a word.
      clearTimeout(timer);
      timer = setTimeout(function () { say(text); }, 200);
      if (enter && items.length) go(items[0], enter);
    }

    function failed(error) {
      var link = element("a", { href: root + "search.html" }, "All contents");
      show([], "");
      clearTimeout(timer);
      said.replaceChildren(error.changed ? "The index of the search has changed. " : "The index of the search cannot be loaded. ",
        link, " lists every page.");
    }

    function look() {
      var mine = ++turn;
      var text = cut(field.value, MOST_LETTERS);
      var chosen = {};
      entered = null;
      Object.keys(selects).forEach(function (name) { if (selects[name].value) chosen[name] = selects[name].value; });
      if (kept) kept(text);
      if (!text.trim() && !Object.keys(chosen).length) return show([], "");
      find(text, chosen).then(function (found) {
        if (mine !== turn) return;
        offer(found.head);
        var count = found.best && found.best.length, results = found.results;
        var more = count > results.length ? results.length + " of " + count + " results" : count + (count === 1 ? " result" : " results");
        var nothing = found.best ? "Nothing found for “" + shortened(text.trim()) + "”" : "";
        show(results.map(function (result, at) { return option(result, found.query, name + "-" + at); }), count ? more : nothing);
      }).catch(function (error) { if (mine === turn) failed(error); });
    }

    field.addEventListener("input", look);
    box.addEventListener("close", function () { entered = null; });
    field.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(selected + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter") {
        // What is shown may still be what was asked before.
        if (answered !== turn) entered = event;
        else if (!results.children[selected]) return;
        else go(results.children[selected], event);
        event.preventDefault();
      }
    });
    ["click", "auxclick"].forEach(function (name) {
      results.addEventListener(name, function (event) {
        var item = event.target.closest("[role=option]");
        if (item && event.button < 2) go(item, event);
      });
    });
    say("Loading the index …");
    withIndex(function (head) {
      say("");
      offer(head);
    }).catch(failed);
    field.look = look;
    return field;
  }

  document.head.append(element("link", { rel: "stylesheet", href: root + "search.css" }));

  var dialog, dialogField;
  function show() {
    if (!dialog) {
      dialog = element("dialog", { className: "find" });
      dialog.setAttribute("aria-label", "Search");
      var close = element("button", { type: "button", className: "close" }, "Close");
      close.addEventListener("click", function () { dialog.close(); });
      dialogField = mount(dialog);
      dialogField.after(close);
      dialog.addEventListener("click", function (event) {
        if (event.target === dialog) dialog.close();
      });
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
    dialogField.focus();
    dialogField.select();
  }

  // The page of the search keeps what is looked for in its address.
  var box = document.getElementById("find");
  if (box) {
    var field = mount(box, function (text) {
      history.replaceState(null, "", text ? "#q=" + encodeURIComponent(text) : location.pathname + location.search);
    });
    field.value = new URLSearchParams(location.hash.slice(1)).get("q") || "";
    if (field.value) field.look();
  }

  window.handoverSearch = {
    words: words,
    find: function (text, chosen) { return find(text, chosen).then(function (found) { return found.results; }); },
    // What is asked next is asked of the index that is there then.
    forget: function () { opened = null; },
    show: box ? function () { field.focus(); field.select(); } : show
  };
})();
