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
      copy[name] = Object.assign({}, layout[name], { gridcolor: c.grid, linecolor: c.grid, zerolinecolor: c.grid });
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
    var place = chatlabAsking.place(chatlabAsking.told(event));
    if (!place) { return; }
    if (place[1]) { location.href = place[0]; return; }
    location.hash = place[0];
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
    document.querySelectorAll(".table > table").forEach(function (table) {
      chatlabAsking.sortable(table, document.documentElement.lang);
    });
    document.querySelectorAll(".part").forEach(function (part) {
      if (part.querySelector("h2")) { chatlabAsking.searchable(part, document.body.dataset.find); }
    });
    var menu = document.getElementById("menu");
    if (menu) {
      menu.addEventListener("click", function (event) {
        if (event.target.closest("a") && menu.matches(":popover-open")) { menu.hidePopover(); }
      });
    }
    window.addEventListener("hashchange", reveal);
    window.addEventListener("load", reveal);
  }
})();
