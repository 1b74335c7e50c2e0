/* Loaded in the head, before anything is shown: the chosen colours must not flash. Everything else waits. */
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "confsync-theme";
  var home = document.currentScript.src.replace(/site\.js(\?.*)?$/, "");

  function remembered() {
    try { return localStorage.getItem(KEY); } catch (_) { return null; }
  }

  function remember(theme) {
    try { localStorage.setItem(KEY, theme); } catch (_) { /* private windows may refuse; the page still works */ }
  }

  function show(theme) {
    if (theme === "dark" || theme === "light") root.setAttribute("data-theme", theme);
  }

  function isDark() {
    var theme = root.getAttribute("data-theme");
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function decoded(hash) {
    try { return decodeURIComponent(hash.slice(1)); } catch (_) { return hash.slice(1); }
  }

  function themeButton() {
    var button = document.querySelector("[data-theme-button]");
    if (!button) return;
    function tell() { button.setAttribute("aria-pressed", String(isDark())); }
    button.setAttribute("aria-label", "Dark colours");
    button.hidden = false;
    tell();
    button.addEventListener("click", function () {
      var theme = isDark() ? "light" : "dark";
      show(theme);
      remember(theme);
      tell();
      root.dispatchEvent(new Event("confsync-theme"));
    });
  }

  function menuButton() {
    var button = document.querySelector("[data-menu]");
    var nav = document.getElementById("site:nav");
    if (!button || !nav) return;
    function open(yes) {
      root.classList.toggle("menu-open", yes);
      button.setAttribute("aria-expanded", String(yes));
    }
    button.hidden = false;
    root.classList.add("has-menu");
    button.addEventListener("click", function () {
      var yes = button.getAttribute("aria-expanded") !== "true";
      open(yes);
      if (yes && nav.querySelector("a")) nav.querySelector("a").focus();
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && root.classList.contains("menu-open")) { open(false); button.focus(); }
    });
  }

  function copied(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    return new Promise(function (done, failed) {
      var area = document.createElement("textarea");
      area.value = text;
      area.className = "offscreen";
      document.body.appendChild(area);
      area.select();
      var worked = document.execCommand("copy");
      area.remove();
      if (worked) done(); else failed(new Error("copying is not allowed here"));
    });
  }

  function copyButtons() {
    document.querySelectorAll("figure.code").forEach(function (figure) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "copy-button";
      button.textContent = "Copy";
      button.setAttribute("aria-label", "Copy this code");
      function say(word) {
        button.textContent = word;
        setTimeout(function () { button.textContent = "Copy"; }, 1600);
      }
      button.addEventListener("click", function () {
        copied(figure.querySelector("code").textContent).then(
          function () { say("Copied"); }, function () { say("Not allowed"); });
      });
      figure.appendChild(button);
    });
  }

  /* A link to a place inside something folded opens it. */
  function unfold() {
    if (location.hash.length < 2) return;
    var target = document.getElementById(decoded(location.hash));
    var opened = false;
    for (var at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS" && !at.open) { at.open = true; opened = true; }
    }
    if (opened) target.scrollIntoView();
  }

  /* The heading that was passed last is where one is. */
  function spy() {
    var links = [].slice.call(document.querySelectorAll(".site-contents a")), waits = false;
    var heads = links.map(function (link) { return document.getElementById(decoded(link.hash)); });
    function look() {
      waits = false;
      var at = -1;
      heads.forEach(function (head, i) { if (head && head.getBoundingClientRect().top < 140) at = i; });
      links.forEach(function (link, i) {
        if (i === at) link.setAttribute("aria-current", "location"); else link.removeAttribute("aria-current");
      });
    }
    if (!links.length) return;
    addEventListener("scroll", function () { if (!waits) { waits = true; requestAnimationFrame(look); } }, { passive: true });
    look();
  }

  function make(tag, className) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    return element;
  }

  /* ---- what a link leads to, before one goes there */
  function previews() {
    if (!window.confsyncSearch || !confsyncSearch.about || !matchMedia("(hover: hover)").matches) return;
    var card = make("div", "preview"), timer = 0, wanted = null;
    card.hidden = true;
    card.setAttribute("aria-hidden", "true");
    document.body.append(card);
    function hide() { clearTimeout(timer); wanted = null; card.hidden = true; }
    function place(link) {
      var box = link.getBoundingClientRect(), size = card.getBoundingClientRect();
      var below = box.bottom + size.height + 12 < innerHeight;
      card.style.left = Math.max(8, Math.min(box.left, innerWidth - size.width - 8)) + "px";
      card.style.top = Math.max(8, below ? box.bottom + 6 : box.top - size.height - 6) + "px";
    }
    function show(link) {
      wanted = link;
      confsyncSearch.about(link.href).then(function (about) {
        if (!about || wanted !== link) return;
        var title = make("strong"), text = make("span");
        title.textContent = about[0];
        text.textContent = about[1];
        card.replaceChildren(title, text);
        card.hidden = false;
        place(link);
      });
    }
    document.querySelectorAll(".text a[href], .backlinks a[href]").forEach(function (link) {
      if (link.hash && link.href.split("#")[0] === location.href.split("#")[0]) return;
      link.addEventListener("mouseenter", function () { clearTimeout(timer); timer = setTimeout(show, 120, link); });
      link.addEventListener("mouseleave", hide);
      link.addEventListener("focus", function () { if (link.matches(":focus-visible")) show(link); });
      link.addEventListener("blur", hide);
    });
    addEventListener("scroll", hide, { passive: true });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  }

  /* ---- pictures, as large as they are */
  function pictures() {
    if (!window.HTMLDialogElement) return;
    var box = null;
    function open(picture) {
      if (!box) {
        box = make("dialog", "lightbox");
        box.addEventListener("click", function () { box.close(); });
        document.body.append(box);
      }
      var large = make("img"), close = make("button", "lightbox-close");
      large.src = picture.src;
      large.alt = picture.alt;
      close.type = "button";
      close.textContent = "Close";
      box.setAttribute("aria-label", picture.alt || "Picture");
      box.replaceChildren(close, large);
      box.showModal();
    }
    document.querySelectorAll(".text img").forEach(function (picture) {
      if (picture.closest("a, button, summary")) return;
      var button = make("button", "zoom");
      button.type = "button";
      button.setAttribute("aria-label", "Enlarge" + (picture.alt ? ": " + picture.alt : " the picture"));
      picture.replaceWith(button);
      button.append(picture);
      button.addEventListener("click", function () { open(picture); });
    });
  }

  /* ---- tables sorted by a column */
  function value(row, at) { return row.cells[at].textContent.trim(); }

  function amount(text) {
    var found = /^[^\d+-]{0,3}([+-]?[\d][\d\s.,']*)\s*[^\d]{0,6}$/.exec(text);
    if (!found) { var day = Date.parse(text); return /\d{4}/.test(text) ? day : NaN; }
    return parseFloat(found[1].replace(/[\s']|,(?=\d{3}\b)/g, "").replace(",", "."));
  }

  function sorted(rows, at, down) {
    var keys = rows.map(function (row) { return { row: row, text: value(row, at), number: amount(value(row, at)) }; });
    var numeric = keys.every(function (key) { return !key.text || !isNaN(key.number); });
    keys.sort(function (a, b) {
      if (!a.text || !b.text) return !a.text - !b.text;
      var order = numeric ? a.number - b.number : a.text.localeCompare(b.text, undefined, { numeric: true });
      return down ? -order : order;
    });
    return keys.map(function (key) { return key.row; });
  }

  function tables() {
    document.querySelectorAll(".text table").forEach(function (table) {
      var body = table.tBodies[0], head = table.tHead && table.tHead.rows[0];
      if (!head || table.tBodies.length !== 1 || body.rows.length < 3 || table.querySelector("[rowspan], [colspan], table")) return;
      if ([].some.call(body.rows, function (row) { return row.cells.length !== head.cells.length; })) return;
      [].forEach.call(head.cells, function (cell, at) {
        if (!cell.textContent.trim() || cell.querySelector("a, button")) return;
        var button = make("button", "sort");
        button.type = "button";
        button.append.apply(button, [].slice.call(cell.childNodes));
        cell.append(button);
        button.addEventListener("click", function () {
          var down = cell.getAttribute("aria-sort") === "ascending";
          [].forEach.call(head.cells, function (other) { other.removeAttribute("aria-sort"); });
          cell.setAttribute("aria-sort", down ? "descending" : "ascending");
          body.append.apply(body, sorted([].slice.call(body.rows), at, down));
        });
      });
    });
  }

  /* ---- pages of a label that carry others, too */
  function labelFilter() {
    var box = document.querySelector("[data-filter]");
    if (!box) return;
    var items = [].slice.call(document.querySelectorAll("[data-labels]")), status = box.querySelector("[role=status]");
    box.hidden = false;
    function apply() {
      var wanted = [].map.call(box.querySelectorAll("[aria-pressed=true]"), function (button) { return button.dataset.label; });
      var left = items.filter(function (item) {
        var own = item.dataset.labels.split(" ");
        item.hidden = !wanted.every(function (label) { return own.indexOf(label) >= 0; });
        return !item.hidden;
      });
      status.textContent = wanted.length ? (left.length === 1 ? "1 page" : left.length + " pages") : "";
    }
    box.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }

  /* ---- diagrams, drawn in frames of their own; until then, and if that fails, their source is shown */
  function diagrams() {
    document.querySelectorAll(".mermaid-frame").forEach(function (figure) {
      var source = figure.querySelector("pre"), frame = make("iframe");
      /* On a disk every file is a world of its own already, and a sandbox could not load its scripts. */
      if (location.protocol !== "file:") frame.setAttribute("sandbox", "allow-scripts");
      frame.title = figure.getAttribute("aria-label") || "Diagram";
      frame.src = home + "mermaid/frame.html";
      function draw() { frame.contentWindow.postMessage({ code: source.textContent, dark: isDark() }, "*"); }
      addEventListener("message", function (event) {
        if (event.source !== frame.contentWindow || !event.data) return;
        if (event.data.ready) draw();
        else if (event.data.height > 0) {
          frame.style.height = Math.min(event.data.height + 4, 4000) + "px";
          figure.classList.add("drawn");
        } else frame.remove();
      });
      root.addEventListener("confsync-theme", draw);
      figure.prepend(frame);
    });
  }

  /* ---- addresses of Confluence that no file answers: the page's id is enough */
  function lost() {
    if (!document.querySelector("[data-lost]")) return;
    var found = /\/pages\/(\d+)(\/|$)/.exec(location.pathname) || /[?&]pageId=(\d+)/.exec(location.search);
    if (!found || sessionStorage.getItem("confsync-lost") === found[1]) return;
    sessionStorage.setItem("confsync-lost", found[1]);
    location.replace(home + "../p/" + found[1] + "/index.html");
  }

  show(remembered());
  root.classList.add("scripted");
  document.addEventListener("DOMContentLoaded", function () {
    themeButton();
    menuButton();
    copyButtons();
    pictures();
    tables();
    labelFilter();
    diagrams();
    previews();
    lost();
    unfold();
    spy();
    var current = document.querySelector(".site-nav [aria-current]");
    if (current && innerWidth > 900) current.scrollIntoView({ block: "nearest" });
  });
  addEventListener("hashchange", unfold);
})();
