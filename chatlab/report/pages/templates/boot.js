(function () {
  "use strict";
  comfort();
  var blocks = Array.prototype.slice.call(document.querySelectorAll("script.figure"));
  var packed = document.querySelector('script#plotly[type="text/plain"]');
  if (!blocks.length || !packed) { return; }

  function colours() {
    var css = getComputedStyle(document.documentElement);
    return { ink: css.getPropertyValue("--ink").trim(), grid: css.getPropertyValue("--grid").trim() };
  }

  function dressed(layout) {
    var c = colours(), copy = Object.assign({}, layout);
    copy.paper_bgcolor = "rgba(0,0,0,0)";
    copy.plot_bgcolor = "rgba(0,0,0,0)";
    copy.font = Object.assign({}, layout.font, { color: c.ink });
    copy.autosize = true;
    delete copy.title;
    copy.margin = Object.assign({}, layout.margin, { t: 56 });
    ["xaxis", "yaxis"].forEach(function (name) {
      copy[name] = Object.assign({ gridcolor: c.grid, linecolor: c.grid, zerolinecolor: c.grid }, layout[name]);
    });
    return copy;
  }

  function speak(lang) {
    // plotly.js speaks English; the browser knows the names of days and months in any language.
    function names(count, start, step, options) {
      var format = new Intl.DateTimeFormat(lang, Object.assign({ timeZone: "UTC" }, options));
      return Array.from({ length: count }, function (_, i) { return format.format(start + i * step); });
    }
    var day = 864e5, sunday = Date.UTC(2026, 2, 1), january = Date.UTC(2026, 0, 15);
    window.Plotly.register({
      moduleType: "locale", name: lang, dictionary: {},
      format: {
        days: names(7, sunday, day, { weekday: "long" }), shortDays: names(7, sunday, day, { weekday: "short" }),
        months: names(12, january, 30.4 * day, { month: "long" }),
        shortMonths: names(12, january, 30.4 * day, { month: "short" }),
        date: "%d/%m/%Y", year: "%Y", month: "%b %Y", dayMonth: "%-d %b", dayMonthYear: "%-d %b %Y"
      }
    });
  }

  function draw() {
    return Promise.all(blocks.map(function (block) {
      return drawOne(block).catch(function () {});
    }));
  }

  function drawOne(block) {
    // One figure that cannot be drawn keeps no other from being drawn.
    return Promise.resolve().then(function () {
      var figure = JSON.parse(block.textContent), target = block.previousElementSibling;
      var options = {
        displaylogo: false, responsive: true, displayModeBar: "hover", scrollZoom: false,
        modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"], locale: document.documentElement.lang
      };
      return window.Plotly.react(target, figure.data, dressed(figure.layout), options).then(function () {
        target.setAttribute("data-drawn", "yes");
        if (!target.dataset.asks) { target.dataset.asks = "yes"; target.on("plotly_click", follow); }
      });
    });
  }

  function unpack() {
    var bytes = Uint8Array.from(atob(packed.textContent.trim()), function (c) { return c.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  unpack().then(function (code) {
    var script = document.createElement("script");
    script.textContent = code;
    document.head.appendChild(script);
    if (document.documentElement.lang !== "en") { speak(document.documentElement.lang); }
    return draw();
  }).then(function () {
    document.documentElement.setAttribute("data-ready", "yes");
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  window.addEventListener("beforeprint", draw);
  window.addEventListener("afterprint", draw);

  function follow(event) {
    // A mark may lead to a theme or a person of this report, and nowhere else.
    var point = event.points[0] || {}, told = [].concat(point.customdata)[0];
    if (!/^(\d\d-[a-z-]+\.html)?#(theme|person|question)-\w+$/.test(String(told))) { return; }
    if (told[0] !== "#") { location.href = told; return; }
    location.hash = told;
    reveal();
  }

  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    for (var up = target.parentElement; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") { up.open = true; }
    }
    target.scrollIntoView({ block: "nearest" });
  }

  function comfort() {
    // The page reads without this: tables that sort, a search, a menu that closes.
    document.querySelectorAll(".table > table").forEach(sortable);
    document.querySelectorAll(".part").forEach(searchable);
    var menu = document.getElementById("menu");
    if (menu) {
      menu.addEventListener("click", function (event) {
        if (event.target.closest("a") && menu.matches(":popover-open")) { menu.hidePopover(); }
      });
    }
    window.addEventListener("hashchange", reveal);
    window.addEventListener("load", reveal);
  }

  function sortable(table) {
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
          return down * ((number(x) - number(y)) || x.localeCompare(y, document.documentElement.lang));
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  function number(text) {
    // "1,506" and "1 506", "12 %", "3,5": what a page writes for readers of its language.
    var french = document.documentElement.lang === "fr";
    var bare = text.replace(french ? /[\s\u00a0\u202f%]/g : /[,\s%]/g, "").replace("\u2212", "-");
    return /^[<+-]?[\d.,]+$/.test(bare) ? parseFloat(bare.replace(/^[<+]/, "").replace(",", ".")) : 0;
  }

  function plain(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }

  function searchable(part) {
    var cards = Array.from(part.querySelectorAll(".theme, .question, .more li, .table tbody tr"))
      .filter(function (card) { return !card.closest(".method"); });
    var words = document.body.dataset.find;
    if (cards.length < 12 || !words) { return; }
    var label = document.createElement("label"), field = document.createElement("input");
    label.className = "filter";
    field.type = "search";
    label.append(words, field);
    var head = part.querySelector("h2");
    if (!head) { return; }
    head.after(label);
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
})();
