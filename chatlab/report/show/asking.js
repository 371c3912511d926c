/* Asking further, in a page and in JupyterLab: tables that sort, a search, marks that lead on. */
var chatlabAsking = (function () {
  "use strict";
  // A mark may lead to a theme, a person or a question of this report, and nowhere else.
  var PLACE = /^((\d\d-[a-z-]+)\.html)?#((theme|person|question)-\w+)$/;

  function place(told) { return PLACE.exec(String(told)); }

  function told(event) {
    var point = event.points[0] || {};
    return [].concat(point.customdata)[0];
  }

  function sortable(table, lang) {
    var body = table.tBodies[0], heads = table.tHead ? Array.from(table.tHead.rows[0].cells) : [];
    if (!body || body.rows.length < 3) { return; }
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "descending" ? 1 : -1;
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down < 0 ? "descending" : "ascending");
        Array.from(body.rows).sort(function (a, b) {
          var x = a.cells[column].textContent, y = b.cells[column].textContent;
          return down * ((number(x, lang) - number(y, lang)) || x.localeCompare(y, lang));
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  function number(text, lang) {
    // "1,506" and "1 506", "12 %", "3,5": what a page writes for readers of its language.
    var french = lang === "fr";
    var bare = text.replace(french ? /[\s\u00a0\u202f%]/g : /[,\s%]/g, "").replace("\u2212", "-");
    return /^[<+-]?[\d.,]+$/.test(bare) ? parseFloat(bare.replace(/^[<+]/, "").replace(",", ".")) : 0;
  }

  function plain(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }

  function searchable(part, words) {
    var cards = Array.from(part.querySelectorAll(".theme, .question, .more li, .table tbody tr"))
      .filter(function (card) { return !card.closest(".method"); });
    if (cards.length < 12 || !words) { return; }
    var label = document.createElement("label"), field = document.createElement("input");
    label.className = "filter";
    field.type = "search";
    label.append(words, field);
    // Above all, or in the fold that holds all.
    var head = part.querySelector("h2"), fold = head ? null : foldOf(cards, part);
    if (head) { head.after(label); } else if (fold) { fold.firstElementChild.after(label); } else { part.prepend(label); }
    field.addEventListener("input", function () {
      var wanted = plain(field.value.trim());
      cards.forEach(function (card) { card.hidden = wanted !== "" && plain(card.textContent).indexOf(wanted) < 0; });
      if (wanted) {
        part.querySelectorAll("details:not(.method)").forEach(function (fold) {
          if (fold.querySelector("li:not([hidden]), .theme:not([hidden]), tr:not([hidden])")) { fold.open = true; }
        });
      }
    });
  }

  function foldOf(cards, part) {
    var fold = cards[0].closest("details");
    return fold && part.contains(fold) && cards.every(function (card) { return fold.contains(card); }) ? fold : null;
  }

  return { place: place, told: told, sortable: sortable, searchable: searchable };
})();
