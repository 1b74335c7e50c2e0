/* Only on previews: loads the page anew when a file has changed. */
(function () {
  "use strict";
  var here = document.currentScript.src.replace(/live\.js(\?.*)?$/, "");
  var source = new EventSource(here + "live");
  source.addEventListener("reload", function () { location.reload(); });
})();
