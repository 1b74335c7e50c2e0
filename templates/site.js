/* Loaded in the head, before anything is shown: the chosen colours must not flash. Everything else waits. */
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "confsync-theme";

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

  function spy() {
    var links = document.querySelectorAll(".site-contents a");
    if (!links.length || !("IntersectionObserver" in window)) return;
    var byId = Object.create(null);
    links.forEach(function (link) { byId[decoded(link.hash)] = link; });
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        links.forEach(function (link) { link.removeAttribute("aria-current"); });
        byId[entry.target.id].setAttribute("aria-current", "location");
      });
    }, { rootMargin: "-70px 0px -70% 0px" });
    Object.keys(byId).forEach(function (id) {
      var heading = document.getElementById(id);
      if (heading) observer.observe(heading);
    });
  }

  show(remembered());
  root.classList.add("scripted");
  document.addEventListener("DOMContentLoaded", function () {
    themeButton();
    menuButton();
    copyButtons();
    unfold();
    spy();
    var current = document.querySelector(".site-nav [aria-current]");
    if (current && innerWidth > 900) current.scrollIntoView({ block: "nearest" });
  });
  addEventListener("hashchange", unfold);
})();
