/* The search: classic scripts and relative addresses only, so that it works from a disk without a network.
   How words are made has to stay the same as in the exporter (confsync/site/search/words.py). */
(function () {
  "use strict";
  var here = document.currentScript.src.replace(/search\.js(\?.*)?$/, "");
  var root = here.replace(/[^/]+\/$/, "");
  var store = here + "search/";
  var SHOWN = 10, LONGEST = 32, TYPO_FROM = 4, LEAD = 60;
  var DENSE = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  var WORDS = new RegExp("([" + DENSE + "]+)|((?:(?![" + DENSE + "])[\\p{L}\\p{N}\\p{M}])+)", "gu");
  var site = null, shards = Object.create(null), texts = Object.create(null), abouts = Object.create(null), waiting = Object.create(null);

  /* ---- what the data files call */
  window.confsyncSearch = {
    pages: function (data) { site = data; site.folded = data.pages.map(function (page) { return fold(page[0]); }); },
    words: function (key, data) { shards[key] = data; },
    text: function (out, about, sections) { abouts[out] = about; texts[out] = sections; },
    /* The title and the first words of a page of the site, by its address; null for other addresses. */
    about: function (href) {
      var bare = href.replace(/[?#].*$/, "");
      if (bare.slice(0, root.length) !== root) return Promise.resolve(null);
      var out = bare.slice(root.length).split("/").map(decode).join("/");
      if (!out || out.slice(-1) === "/") out += "index.html";
      if (!/\.html$/.test(out) || /^(_|404|p\/|wiki\/)/.test(out)) return Promise.resolve(null);
      return load("text/" + path(out.replace(/\.html$/, "")) + ".js").then(function () { return abouts[out] || null; });
    }
  };

  function decode(part) { try { return decodeURIComponent(part); } catch (_) { return part; } }

  function load(name) {
    if (!waiting[name]) {
      waiting[name] = new Promise(function (done) {
        var script = document.createElement("script");
        script.src = store + name;
        script.onload = script.onerror = function () { script.remove(); done(); };
        document.head.appendChild(script);
      });
    }
    return waiting[name];
  }

  function path(out) { return out.split("/").map(encodeURIComponent).join("/"); }

  /* ---- words */
  function fold(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase();
  }

  function words(text) {
    var found = [];
    fold(text).replace(WORDS, function (_, dense, word) {
      if (!dense) { found.push(Array.from(word).slice(0, LONGEST).join("")); return ""; }
      var chars = Array.from(dense), last = chars.length > 1 ? chars.length - 1 : chars.length;
      for (var at = 0; at < last; at++) found.push(chars.slice(at, at + 2).join(""));
      return "";
    });
    return found;
  }

  function hex(text) {
    return Array.from(text).map(function (char) { return char.codePointAt(0).toString(16); }).join("-");
  }

  /* The files that may hold a word, or words that begin with it. */
  function keys(word) {
    var code = word.codePointAt(0);
    if ((code >= 0xe00 && code <= 0x109f) || code >= 0x1780) return [(code >> 6 << 6).toString(16)];
    var chars = Array.from(word), key = hex(chars.slice(0, 2).join(""));
    var long = hex(chars.slice(0, 3).join(""));
    return [long in site.words && chars.length > 2 ? long : key];
  }

  function fetchWords(list) {
    var names = Object.create(null);
    list.forEach(function (word) {
      keys(word).forEach(function (key) { if (key in site.words) names[key + ".js?" + site.words[key]] = true; });
    });
    return Promise.all(Object.keys(names).map(load));
  }

  /* ---- looking up */
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    var start = 0, endA = a.length, endB = b.length;
    while (start < endA && start < endB && a[start] === b[start]) start++;
    while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) { endA--; endB--; }
    if (endA - start <= 1 && endB - start <= 1) return true;
    return endA - start === 2 && endB - start === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
  }

  function candidates(word, open) {
    var found = [], close = [];
    keys(word).forEach(function (key) {
      var held = shards[key] || {};
      if (held[word] !== undefined) found.push([word, held[word], 1]);
      if (!open && found.length) return;
      for (var other in held) {
        if (other === word) continue;
        if (open && other.startsWith(word)) found.push([other, held[other], 0.75]);
        else if (!found.length && word.length >= TYPO_FROM && near(word, other)) close.push([other, held[other], 0.4]);
      }
    });
    return found.length ? found : close;
  }

  function collect(word, open, into) {
    candidates(word, open).forEach(function (found) {
      var pieces = found[1].match(/[0-9a-z]+[A-Z]/g), number = 0;
      var rare = Math.log(1 + site.pages.length / pieces.length);
      pieces.forEach(function (piece) {
        number += parseInt(piece.slice(0, -1), 36);
        var score = (piece.charCodeAt(piece.length - 1) - 64) * rare * found[2];
        if (!(into[number - 1] >= score)) into[number - 1] = score;
      });
      if (found[2] < 0.5) into.words.push(found[0]);
    });
  }

  function ranked(text, list) {
    var open = !/[\s.,;:!?]$/.test(text), all = Object.create(null), marked = [], folded = fold(text.trim());
    list.forEach(function (word, at) {
      var scores = Object.create(null);
      Object.defineProperty(scores, "words", { value: [], enumerable: false });
      collect(word, open && at === list.length - 1, scores);
      marked = marked.concat(scores.words);
      for (var page in scores) {
        var sum = all[page] || (all[page] = { page: +page, hits: 0, score: 0 });
        sum.hits++;
        sum.score += scores[page];
      }
    });
    site.folded.forEach(function (title, page) {
      var at = title.indexOf(folded);
      if (at < 0) return;
      var sum = all[page] || (all[page] = { page: page, hits: list.length, score: 20 });
      sum.hits = list.length;
      sum.score += (title === folded ? 120 : at === 0 ? 40 : 15);
    });
    var found = Object.keys(all).map(function (page) { return all[page]; });
    var best = found.reduce(function (most, one) { return Math.max(most, one.hits); }, 0);
    found = found.filter(function (one) { return one.hits === best; });
    found.sort(function (a, b) { return b.score - a.score || a.page - b.page; });
    return { found: found, marked: marked.concat(list) };
  }

  /* ---- showing */
  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* Where words stand in a text, by its folded form; folding may change lengths, so character by character. */
  function places(text, marked) {
    var folded = "", back = [];
    for (var at = 0; at < text.length;) {
      var char = String.fromCodePoint(text.codePointAt(at)), plain = char < "\u0080" ? char.toLowerCase() : fold(char);
      for (var i = 0; i < plain.length; i++) back.push(at);
      folded += plain;
      at += char.length;
    }
    back.push(text.length);
    var found = [];
    marked.forEach(function (word) {
      for (var at = folded.indexOf(word); at >= 0 && found.length < 200; at = folded.indexOf(word, at + word.length)) {
        var dense = /[^\u0000-\u0dff]/.test(word[0]);
        if (dense || at === 0 || !/[\p{L}\p{N}]/u.test(folded[at - 1])) found.push([back[at], back[at + word.length]]);
      }
    });
    return found.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
  }

  function highlight(element, text, marked) {
    var at = 0;
    places(text, marked).forEach(function (place) {
      if (place[1] <= at) return;
      var from = Math.max(place[0], at);
      element.append(text.slice(at, from));
      element.append(make("mark", "", text.slice(from, place[1])));
      at = place[1];
    });
    element.append(text.slice(at));
  }

  /* The section of a page that says most of what was asked for, and a piece of it. */
  function excerpt(sections, marked) {
    var best = null;
    (sections || []).forEach(function (section) {
      var text = section[2].slice(0, 6000), found = places(text, marked), seen = Object.create(null);
      found.forEach(function (place) { seen[fold(text.slice(place[0], place[1]))] = true; });
      var value = Object.keys(seen).length * 10 + Math.min(found.length, 5) + places(section[1], marked).length * 12;
      if (!best || value > best.value) best = { value: value, section: section, at: found.length ? found[0][0] : 0 };
    });
    if (!best) return { id: "", heading: "", text: "" };
    var whole = best.section[2], from = best.at > LEAD ? whole.indexOf(" ", best.at - LEAD) + 1 : 0;
    if (from > best.at || from < best.at - LEAD) from = Math.max(0, best.at - LEAD / 2);
    var piece = whole.slice(from, from + 180);
    return {
      id: best.section[0], heading: best.section[1],
      text: (from ? "… " : "") + piece + (from + 180 < whole.length ? " …" : "")
    };
  }

  function row(one, marked) {
    var page = site.pages[one.page], found = excerpt(texts[page[1]], marked);
    var link = make("a");
    link.href = root + path(page[1]) + (found.id ? "#" + encodeURIComponent(found.id) : "");
    var title = make("span", "found-title");
    highlight(title, page[0], marked);
    link.append(title);
    var where = [site.sections[page[2]], found.heading].filter(function (name) { return name && name !== page[0]; });
    if (where.length) {
      var place = make("span", "found-where");
      highlight(place, where.join(" › "), marked);
      link.append(place);
    }
    if (found.text) {
      var text = make("span", "found-text");
      highlight(text, found.text, marked);
      link.append(text);
    }
    var item = make("li");
    item.append(link);
    return item;
  }

  function choices(select, names, counts, all) {
    var before = select.value;
    select.replaceChildren(new Option(all, ""));
    Object.keys(counts).map(Number).sort(function (a, b) { return counts[b] - counts[a] || a - b; }).slice(0, 60).forEach(function (at) {
      select.append(new Option(names[at] + " (" + counts[at] + ")", String(at)));
    });
    select.value = before;
    if (select.selectedIndex < 0) select.value = "";
    select.hidden = select.options.length < 3 && !select.value;
  }

  function dialog() {
    var box = make("dialog", "search");
    box.setAttribute("aria-label", "Search");
    var field = make("input");
    field.type = "search";
    field.placeholder = "Search";
    field.setAttribute("aria-label", "Search this site");
    field.autocomplete = "off";
    field.spellcheck = false;
    var close = make("button", "search-close", "Esc");
    close.type = "button";
    close.setAttribute("aria-label", "Esc: close the search");
    var top = make("div", "search-top");
    top.append(field, close);
    var section = make("select"), label = make("select"), filters = make("div", "search-filters");
    section.setAttribute("aria-label", "Only this section");
    label.setAttribute("aria-label", "Only this label");
    section.hidden = label.hidden = true;
    var status = make("p", "search-status");
    status.setAttribute("role", "status");
    filters.append(status, section, label);
    var list = make("ol", "search-found");
    box.append(top, filters, list);
    document.body.append(box);
    return { box: box, field: field, close: close, section: section, label: label, status: status, list: list };
  }

  var ui = null, turn = 0, limit = SHOWN;

  function refresh() {
    var mine = ++turn, text = ui.field.value, began = performance.now();
    load("pages.js").then(function () {
      if (!site) { ui.status.textContent = "The search data is missing."; return; }
      var list = words(text).slice(0, 24);
      if (!list.length) { clear(); return; }
      return fetchWords(list).then(function () {
        if (mine !== turn) return;
        return show(ranked(text, list), mine, began);
      });
    });
  }

  function clear() {
    ui.list.replaceChildren();
    ui.status.textContent = site.pages.length + " pages";
    ui.section.hidden = ui.label.hidden = true;
  }

  function matching(result) {
    var sections = {}, labels = {}, section = ui.section.value, label = ui.label.value;
    var found = result.found.filter(function (one) {
      var page = site.pages[one.page], inSection = !section || page[2] === +section, hasLabel = !label || page[3].includes(+label);
      if (hasLabel) sections[page[2]] = (sections[page[2]] || 0) + 1;
      if (inSection) page[3].forEach(function (at) { labels[at] = (labels[at] || 0) + 1; });
      return inSection && hasLabel;
    });
    choices(ui.section, site.sections, sections, "All sections");
    choices(ui.label, site.labels, labels, "All labels");
    return found;
  }

  function show(result, mine, began) {
    var found = matching(result), shown = found.slice(0, limit);
    function draw() {
      ui.list.replaceChildren.apply(ui.list, shown.map(function (one) { return row(one, result.marked); }));
      if (found.length > shown.length) {
        var more = make("button", "search-more", "Show more");
        more.type = "button";
        more.addEventListener("click", function () { var at = shown.length; limit += SHOWN * 2; refresh(); focusSoon(at); });
        var item = make("li");
        item.append(more);
        ui.list.append(item);
      }
      ui.status.textContent = found.length === 1 ? "1 page" : found.length ? found.length + " pages" : "Nothing found";
      ui.box.dataset.took = String(Math.round(performance.now() - began));
    }
    draw();
    return Promise.all(shown.map(function (one) {
      return load("text/" + path(site.pages[one.page][1].replace(/\.html$/, "")) + ".js");
    })).then(function () { if (mine === turn) { var at = links().indexOf(document.activeElement); draw(); if (at >= 0) links()[at].focus(); } });
  }

  function focusSoon(at) { setTimeout(function () { if (links()[at]) links()[at].focus(); }, 60); }

  function links() { return Array.from(ui.list.querySelectorAll("a, button")); }

  function move(step) {
    var all = links(), at = all.indexOf(document.activeElement) + step;
    if (at < 0) { ui.field.focus(); return; }
    if (all[at]) { all[at].focus(); all[at].scrollIntoView({ block: "nearest" }); }
  }

  function onKey(event) {
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    else if (event.key === "ArrowUp" && event.target !== ui.field) { event.preventDefault(); move(-1); }
    else if (event.key === "Enter" && event.target === ui.field) {
      event.preventDefault();
      if (links()[0]) links()[0].click();
    } else if (event.target.tagName === "A" && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      ui.field.focus();
    }
  }

  function open() {
    if (!ui) {
      ui = dialog();
      ui.field.addEventListener("input", function () { limit = SHOWN; refresh(); });
      ui.section.addEventListener("change", refresh);
      ui.label.addEventListener("change", refresh);
      ui.close.addEventListener("click", function () { ui.box.close(); });
      ui.box.addEventListener("click", function (event) { if (event.target === ui.box) ui.box.close(); });
      ui.list.addEventListener("click", function (event) { if (event.target.closest("a")) ui.box.close(); });
      ui.box.addEventListener("keydown", function (event) { if (event.target.tagName !== "SELECT") onKey(event); });
    }
    if (ui.box.open) return;
    ui.box.showModal();
    ui.field.select();
    refresh();
  }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector("[data-search]");
    if (!button || !("showModal" in HTMLElement.prototype || window.HTMLDialogElement)) return;
    button.hidden = false;
    button.addEventListener("click", open);
    document.addEventListener("click", function (event) {
      if (event.target.closest && event.target.closest('a[href="#site:search"]')) { event.preventDefault(); open(); }
    });
    document.addEventListener("keydown", function (event) {
      var chord = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
      var slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
      if (chord || slash) { event.preventDefault(); open(); }
    });
  });
})();
