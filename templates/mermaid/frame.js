/* Inside the frame of a diagram: draws what the page sends, and says how tall it became. Nothing comes from
   elsewhere, and nothing that a diagram says can reach the page: the frame is a sandbox. */
(function () {
  "use strict";
  var count = 0;
  addEventListener("message", function (event) {
    if (event.source !== parent || !event.data || typeof event.data.code !== "string") return;
    mermaid.initialize({
      startOnLoad: false, securityLevel: "strict", theme: event.data.dark ? "dark" : "default",
      fontFamily: "system-ui, sans-serif", maxTextSize: 100000
    });
    mermaid.render("diagram" + (++count), event.data.code).then(function (drawn) {
      var place = document.getElementById("diagram");
      place.innerHTML = drawn.svg;
      parent.postMessage({ height: Math.ceil(place.getBoundingClientRect().height) }, "*");
    }, function () { parent.postMessage({ height: 0 }, "*"); });
  });
  parent.postMessage({ ready: true }, "*");
})();
