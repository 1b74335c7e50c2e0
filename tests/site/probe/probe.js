/* Looks at the page as a reader would and writes what it found into the document, for --dump-dom. */
(function () {
  "use strict";
  var found = { errors: [] };
  addEventListener("error", function (event) { found.errors.push(event.message || event.target.src || "load"); }, true);
  document.addEventListener("securitypolicyviolation", function (event) {
    found.errors.push(event.violatedDirective + " " + event.blockedURI);
  });

  function rgba(text) {
    var numbers = text.match(/[\d.]+(?:e-?\d+)?/g).map(Number);
    if (/^color\(srgb/.test(text)) numbers = numbers.map(function (v, at) { return at < 3 ? v * 255 : v; });
    return { r: numbers[0], g: numbers[1], b: numbers[2], a: numbers.length > 3 ? numbers[3] : 1 };
  }
  function luminance(c) {
    var parts = [c.r, c.g, c.b].map(function (v) { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }
  function behind(element) {
    for (var at = element; at; at = at.parentElement) {
      var colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour.a > 0.99) return colour;
    }
    return { r: 255, g: 255, b: 255, a: 1 };
  }
  function faint() {
    var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), worst = [];
    while (walker.nextNode()) {
      var element = walker.currentNode.parentElement, style = getComputedStyle(element);
      if (!walker.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      var a = luminance(rgba(style.color)), b = luminance(behind(element));
      var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) worst.push(element.className + " " + walker.currentNode.data.trim().slice(0, 20) + " " + ratio.toFixed(2));
    }
    return worst;
  }
  function small() {
    return [].filter.call(document.querySelectorAll("button, summary, .site-nav a"), function (element) {
      var box = element.getBoundingClientRect();
      return element.checkVisibility() && box.width && (box.width < 24 || box.height < 24);
    }).map(function (element) { return element.outerHTML.slice(0, 80); });
  }
  function nameless() {
    return [].filter.call(document.querySelectorAll("a[href], button, summary"), function (element) {
      return !element.textContent.trim() && !element.getAttribute("aria-label") && !element.querySelector("img[alt]");
    }).map(function (element) { return element.outerHTML.slice(0, 80); });
  }
  addEventListener("load", function () {
    var root = document.documentElement;
    found.faint = faint();
    found.small = small();
    found.nameless = nameless();
    found.wide = root.scrollWidth - root.clientWidth;
    found.styled = getComputedStyle(document.querySelector(".bar")).display === "flex";
    found.canvas = getComputedStyle(document.body).backgroundColor;
    found.copy = document.querySelectorAll(".copy-button").length;
    found.pictures = [].filter.call(document.images, function (image) {
      return image.src && image.loading !== "lazy" && !image.naturalWidth;
    }).length;
    var menu = document.querySelector("[data-menu]"), nav = document.getElementById("site:nav");
    found.menu = menu.checkVisibility();
    found.navBefore = nav.checkVisibility();
    if (found.menu) {
      menu.click();
      found.navOpen = nav.checkVisibility() && menu.getAttribute("aria-expanded") === "true" && nav.contains(document.activeElement);
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
      found.navClosed = !nav.checkVisibility() && document.activeElement === menu;
    }
    var theme = document.querySelector("[data-theme-button]");
    theme.click();
    found.toggled = getComputedStyle(document.body).backgroundColor;
    found.pressed = theme.getAttribute("aria-pressed");
    found.faintToggled = faint();
    try { found.remembered = localStorage.getItem("confsync-theme"); } catch (_) { found.remembered = "refused"; }
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    found.unfolded = target ? target.checkVisibility() : null;
    var wanted = new URLSearchParams(location.search).get("q");
    if (!wanted) { root.setAttribute("data-probe", JSON.stringify(found)); return; }
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "/" }));
    var box = document.querySelector("dialog.search"), field = box.querySelector("input");
    found.searchOpen = box.open && document.activeElement === field;
    field.value = wanted;
    field.dispatchEvent(new Event("input"));
    setTimeout(function () {
      found.results = [].map.call(box.querySelectorAll(".search-found a"), function (link) {
        return [link.querySelector(".found-title").textContent, link.getAttribute("href").replace(/^.*\/out%20put\//, "").replace(/^.*\/docs\//, ""),
          [].map.call(link.querySelectorAll("mark"), function (mark) { return mark.textContent; })];
      });
      found.searchFaint = faint();
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
      found.onFirst = document.activeElement === box.querySelector(".search-found a");
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
      found.backInField = document.activeElement === field;
      found.status = box.querySelector("[role=status]").textContent;
      root.setAttribute("data-probe", JSON.stringify(found));
    }, 900);
  });
})();
