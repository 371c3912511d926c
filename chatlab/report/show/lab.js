/* In JupyterLab: each notebook's tables sort and search, a mark opens its posts below the chart. */
(function () {
  "use strict";
  if (window.chatlabInLab) { return; }
  window.chatlabInLab = true;
  var known = new WeakMap(), waiting = 0;

  // Cells out of sight may be taken out of the page: what they showed is kept by notebook.
  function notebookOf(node) {
    var home = node.closest(".jp-Notebook") || document.body;
    if (!known.has(home)) { known.set(home, { cards: new Map(), lang: "en", find: "" }); }
    return known.get(home);
  }

  function look() {
    waiting = 0;
    document.querySelectorAll(".jp-OutputArea [data-find]").forEach(function (answer) {
      Object.assign(notebookOf(answer), { lang: answer.lang, find: answer.dataset.find });
    });
    document.querySelectorAll(".jp-OutputArea .block:not([data-asks])").forEach(function (block) {
      var notebook = notebookOf(block);
      block.dataset.asks = "yes";
      block.querySelectorAll("[id]").forEach(function (card) { notebook.cards.set(card.id, card); });
      block.querySelectorAll(".table > table").forEach(function (table) {
        chatlabAsking.sortable(table, notebook.lang);
      });
      chatlabAsking.searchable(block, notebook.find);
    });
    document.querySelectorAll(".jp-OutputArea .js-plotly-plot:not([data-asks])").forEach(function (plot) {
      if (!plot.on) { return; }
      plot.dataset.asks = "yes";
      plot.on("plotly_click", function (event) { open(plot, chatlabAsking.told(event)); });
    });
    document.querySelectorAll(".chatlab-opened").forEach(function (box) {
      if (!box.asked.isConnected) { box.remove(); }
    });
  }

  function open(asked, told) {
    var place = chatlabAsking.place(told);
    if (!place) { return; }
    if (place[2]) {
      var path = location.pathname.replace(/[^/]+\.ipynb$/, place[2] + ".ipynb");
      window.open(path, "_blank", "noopener");
      return;
    }
    var card = notebookOf(asked).cards.get(place[3]), output = asked.closest(".jp-OutputArea-child");
    if (!card || !output) { return; }
    var after = output.nextElementSibling;
    if (after && after.classList.contains("chatlab-opened")) { after.remove(); }
    var box = document.createElement("div"), close = document.createElement("button");
    box.className = "chatlab-opened";
    box.asked = asked;
    close.type = "button";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", function () { box.remove(); });
    box.append(close, copied(card));
    output.after(box);
  }

  function copied(card) {
    var copy = card.cloneNode(true);
    copy.removeAttribute("id");
    copy.hidden = false;
    copy.querySelectorAll("[id]").forEach(function (one) { one.removeAttribute("id"); });
    return copy;
  }

  function followLink(event) {
    var link = event.target.closest && event.target.closest(".jp-OutputArea a[href]");
    if (!link) { return; }
    var told = link.getAttribute("href").split("/").pop();
    if (!chatlabAsking.place(told)) { return; }
    event.preventDefault();
    event.stopPropagation();
    open(link.closest(".chatlab-opened") ? link.closest(".chatlab-opened").asked : link, told);
  }

  function later() {
    if (!waiting) { waiting = window.setTimeout(look, 200); }
  }

  document.addEventListener("click", followLink, true);
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  later();
})();
