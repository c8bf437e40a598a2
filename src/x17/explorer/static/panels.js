// The panels of the tab "Search": takes numbers from the server and draws them with the ECharts of the page.
// x17.scan(…) redraws what depends on the choices, x17.cursor(…) what depends on the cursor alone.
"use strict";

window.x17 = (() => {
  const SCALE = 1e4; // couplings are drawn in units of 1e-4
  const held = { ids: null, scan: null, cursor: null, toys: null };
  const redrawn = { count: 0, at: 0 }; // read by whoever measures how long a move takes
  let addressTimer = 0;

  const colours = () => {
    const style = getComputedStyle(document.body);
    const colour = (name) => style.getPropertyValue(`--x17-${name}`).trim();
    return {
      text: colour("text"), faint: colour("faint"), grid: colour("grid"), data: colour("data"),
      boson: colour("boson"), flat: colour("flat"), best: colour("best"), median: colour("median"),
      one: colour("one"), two: colour("two"), toys: colour("toys"), other: colour("other"),
      paper: colour("paper"),
    };
  };

  const chart = (name) => {
    const element = held.ids && window.getElement ? getElement(held.ids[name]) : null;
    return element && element.chart ? element.chart : null;
  };

  const axis = (c, name, more = {}) => ({
    type: "value", name, nameLocation: "middle", scale: true,
    nameTextStyle: { color: c.text, fontSize: 12 },
    axisLine: { show: true, onZero: false, lineStyle: { color: c.faint } },
    axisTick: { show: true, inside: true, lineStyle: { color: c.faint } },
    axisLabel: { color: c.text, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false },
    splitLine: { show: false },
    ...more,
  });

  const massAxis = (c, masses, more = {}) =>
    axis(c, "Mass of the boson [MeV]", { min: masses[0], max: masses[masses.length - 1], nameGap: 26, ...more });

  const line = (name, data, color, more = {}) => ({
    type: "line", name, data, showSymbol: false, symbol: "none", silent: true, animation: false,
    lineStyle: { color, width: 2, ...(more.lineStyle || {}) }, itemStyle: { color }, z: more.z || 3,
    ...("xAxisIndex" in more ? { xAxisIndex: more.xAxisIndex, yAxisIndex: more.yAxisIndex } : {}),
    ...(more.symbol ? { showSymbol: true, symbol: more.symbol, symbolSize: more.symbolSize || 6 } : {}),
  });

  // One polygon in the units of the axes, drawn as a single item.
  const polygon = (name, points, color, more = {}) => ({
    type: "custom", name, silent: true, animation: false, clip: true, z: more.z || 1,
    itemStyle: { color }, data: [[points.length ? points[0][0] : 0, points.length ? points[0][1] : 0]],
    renderItem: (params, api) => points.length ? {
      type: "polygon", shape: { points: points.map((p) => api.coord(p)) },
      style: { fill: color, opacity: more.opacity ?? 1 },
    } : undefined,
  });

  const between = (x, low, high) => {
    const up = x.map((m, i) => [m, SCALE * low[i]]);
    const down = x.map((m, i) => [m, SCALE * high[i]]).reverse();
    return up.concat(down);
  };

  const base = (c, description) => ({
    animation: false, textStyle: { fontFamily: "inherit", color: c.text },
    aria: { enabled: true, label: { description } },
  });

  // ---- g_R and its pulls -------------------------------------------------------------------------------

  const errorBar = (c, points) => (params, api) => {
    const point = points[params.dataIndex];
    const [x, y] = api.coord([point.s, point.y]);
    const top = api.coord([point.s, point.y + point.e])[1];
    const bottom = api.coord([point.s, point.y - point.e])[1];
    const colour = point.fitted ? c.data : c.faint;
    return { type: "group", children: [
      { type: "line", shape: { x1: x, y1: top, x2: x, y2: bottom }, style: { stroke: colour, lineWidth: 1.3 } },
      { type: "circle", shape: { cx: x, cy: y, r: 4 },
        style: { fill: point.fitted ? colour : c.paper, stroke: colour, lineWidth: 1.3 } },
      { type: "circle", shape: { cx: x, cy: y, r: 11 }, style: { fill: "transparent" } }, // a finger's width
    ] };
  };

  const reach = (v) => 3 * Math.max(1, Math.ceil(Math.max(-v.min, v.max) / 3));

  const observable = () => {
    const c = colours(), s = held.scan;
    const xs = s.background.map((p) => p[0]);
    const low = xs[0], high = xs[xs.length - 1];
    const window_ = s.points.filter((p) => p.masked).map((p) => p.s);
    const ys = s.points.flatMap((p) => [p.y - p.e, p.y + p.e]);
    const bottom = Math.min(...ys), top = Math.max(...ys), room = 0.06 * (top - bottom);
    const mark = window_.length ? { silent: true, itemStyle: { color: c.grid, opacity: 0.5 },
      data: [[{ xAxis: window_[0] }, { xAxis: window_[window_.length - 1] }]] } : undefined;
    return { ...base(c, "Observable g R against the centre-of-mass energy, with the fits, and the pulls below"),
      legend: { top: 0, left: 56, textStyle: { color: c.text }, itemWidth: 18, itemHeight: 8,
        data: [{ name: "Data", icon: "circle" }, "Without a boson", "With the boson at the cursor"] },
      grid: [{ left: 64, right: 14, top: 34, height: "52%" }, { left: 64, right: 14, bottom: 46, height: "22%" }],
      tooltip: { trigger: "item", confine: true, backgroundColor: c.paper, borderColor: c.faint,
        textStyle: { color: c.text } },
      xAxis: [axis(c, "", { min: low, max: high, axisLabel: { show: false }, axisTick: { show: false } }),
        axis(c, "√s [MeV]", { min: low, max: high, gridIndex: 1, nameGap: 26,
          axisLabel: { color: c.text, showMinLabel: false, showMaxLabel: false } })],
      yAxis: [axis(c, "g_R", { nameGap: 46, min: bottom - room, max: top + room,
        axisLabel: { color: c.text, showMinLabel: false, showMaxLabel: false } }),
        axis(c, "pull", { nameGap: 46, gridIndex: 1, min: (v) => -reach(v), max: reach, interval: 3,
        axisLabel: { color: c.text },
          splitLine: { show: true, lineStyle: { color: c.grid } } })],
      series: [
        { type: "custom", name: "Data", data: s.points.map((p) => [p.s, p.y]), renderItem: errorBar(c, s.points),
          itemStyle: { color: c.data }, animation: false, z: 5, markArea: mark,
          tooltip: { formatter: (item) => {
            const p = s.points[item.dataIndex];
            return `period ${p.period}: √s = ${p.s.toFixed(3)} MeV<br>g_R = ${p.y.toFixed(4)} ± ${p.e.toFixed(4)}` +
              `<br>${p.fitted ? "click to leave it out" : "left out: click to fit it"}`;
          } } },
        line("Without a boson", s.background, c.flat, { lineStyle: { type: "dashed" } }),
        line("With the boson at the cursor", [], c.boson, { z: 4 }),
        // No bars: a bar widens its axis, and would stand beside its point.
        { type: "custom", name: "Pull", data: [], xAxisIndex: 1, yAxisIndex: 1, silent: true, animation: false,
          clip: true, itemStyle: { color: c.boson }, renderItem: (params, api) => {
            const [x, y] = api.coord([api.value(0), api.value(1)]), zero = api.coord([api.value(0), 0])[1];
            return { type: "rect", style: { fill: c.boson },
              shape: { x: x - 2.5, y: Math.min(y, zero), width: 5, height: Math.abs(y - zero) } };
          } },
      ] };
  };

  // ---- the map of Q ------------------------------------------------------------------------------------

  // Orange where the boson fits better than none, violet where worse, the paper's colour at Q = 0.
  const painted = (s, paper) => {
    const { masses, couplings, reach } = s.map, q = unpacked(s.map.q);
    const canvas = document.createElement("canvas");
    canvas.width = masses.length; canvas.height = couplings.length;
    const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
    const zero = rgb(paper), better = [200, 95, 10], worse = [84, 39, 136], failed = [128, 128, 128];
    masses.forEach((_, i) => couplings.forEach((__, j) => {
      const value = q[i * couplings.length + j];
      const share = Math.min(1, Math.abs(value) / reach), end = value < 0 ? better : worse;
      const at = 4 * ((canvas.height - 1 - j) * canvas.width + i);
      for (let k = 0; k < 3; k += 1) {
        image.data[at + k] = Number.isNaN(value) ? failed[k] : zero[k] + share * (end[k] - zero[k]);
      }
      image.data[at + 3] = 255;
    }));
    context.putImageData(image, 0, 0);
    return canvas;
  };

  // Thousands of numbers as 32-bit floats: faster to write, to send and to read than digits.
  const unpacked = (text) => new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

  const rgb = (text) => {
    const hex = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
    return hex ? hex.slice(1).map((part) => parseInt(part, 16)) : [255, 255, 255];
  };

  const map = () => {
    const c = colours(), s = held.scan, { masses, couplings, contours } = s.map;
    const picture = painted(s, c.paper);
    const half = (values) => (values.length > 1 ? 0.5 * (values[1] - values[0]) : 0.01 * values[0]);
    const dm = half(masses), dg = half(couplings);
    const first = [masses[0] - dm, SCALE * (couplings[couplings.length - 1] + dg)];
    const last = [masses[masses.length - 1] + dm, SCALE * (couplings[0] - dg)];
    return { ...base(c, "Map of Q over mass and coupling, with the cursor on it"),
      grid: { left: 54, right: 14, top: 34, bottom: 46 },
      legend: { top: 0, left: 46, textStyle: { color: c.text }, itemWidth: 18, itemHeight: 8,
        data: [{ name: "Best fit", icon: "diamond" }, { name: "Observed limit" }, { name: "Cursor", icon: "circle" }] },
      xAxis: massAxis(c, masses, { z: 5 }),
      yAxis: axis(c, "g_ve [1e-4]", { z: 5, nameGap: 32, min: 0, max: SCALE * couplings[couplings.length - 1],
        axisLabel: { color: c.text, showMinLabel: true, showMaxLabel: false } }),
      series: [
        { type: "custom", name: "Q", data: [first], silent: true, animation: false, clip: true, z: 1,
          renderItem: (params, api) => {
            const [x, y] = api.coord(first), [right, bottom] = api.coord(last);
            return { type: "image", style: { image: picture, x, y, width: right - x, height: bottom - y } };
          } },
        ...contours.map(({ outer, path }) => line("contour", path.map(([m, g]) => [m, SCALE * g]), c.best,
          { lineStyle: { width: 1.5, type: outer ? "dashed" : "solid" }, z: 4 })),
        line("Observed limit", s.limit.masses.map((m, i) => [m, SCALE * s.limit.observed[i]]), c.data,
          { lineStyle: { width: 1.6 }, z: 3 }),
        { type: "scatter", name: "Best fit", data: [[s.best.mass, SCALE * s.best.g]], symbol: "diamond",
          symbolSize: 11, silent: true, animation: false, z: 5, itemStyle: { color: c.best } },
        { type: "scatter", id: "cursor", name: "Cursor", data: [], symbolSize: 13, silent: true, animation: false,
          z: 6, itemStyle: { color: c.boson, borderColor: c.paper, borderWidth: 2 } },
      ] };
  };

  // ---- the limit ---------------------------------------------------------------------------------------

  // Whether a bound ends inside the figure: what lies below its upper end is excluded, else what lies above its lower one.
  const closed = (bound, top) => bound.high.some((g) => g < top);

  const limit = () => {
    const c = colours(), s = held.scan, { masses, observed, expected, cl } = s.limit, toys = held.toys;
    const top = SCALE * s.map.couplings[s.map.couplings.length - 1]; // the same axis as the map's
    const percent = `${+(100 * cl).toFixed(2)} % CL`;
    // Only what reaches into the figure, and is more than a line at its edge.
    const inside = s.others.map((o) => ({ ...o,
      low: o.low.map((g) => (g === null ? 0 : Math.min(SCALE * g, top))),
      high: o.high.map((g) => (g === null ? top : Math.min(SCALE * g, top))),
    })).filter((o) => o.masses.some((_, i) => o.high[i] - o.low[i] > 0.02 * top && o.high[i] > 0.04 * top));
    const series = [
      polygon("Expected ±2σ", between(masses, expected[0], expected[4]), c.two),
      polygon("Expected ±1σ", between(masses, expected[1], expected[3]), c.one, { z: 2 }),
      line("Expected", masses.map((m, i) => [m, SCALE * expected[2][i]]), c.median, { lineStyle: { type: "dashed", width: 1.5 } }),
      line(`Observed, ${percent}`, masses.map((m, i) => [m, SCALE * observed[i]]), c.data),
    ];
    if (toys && toys.line.length) {
      series.push(line(toys.older ? "Toys (older)" : "Toys", toys.line.map(([m, g]) => [m, SCALE * g]), c.toys,
        { lineStyle: { width: 1, type: toys.older ? "dotted" : "solid" }, symbol: toys.older ? "emptyCircle" : "circle",
          symbolSize: 5, z: 4 }));
    }
    inside.forEach((o) => {
      const shape = between(o.masses, o.low.map((g) => g / SCALE), o.high.map((g) => g / SCALE));
      series.push(polygon(o.label, shape, c.other, { opacity: 0.13, z: 0 }));
      [o.low, o.high].forEach((end) => {
        if (end.some((g) => g > 0 && g < top)) series.push(line(o.label, o.masses.map((m, i) => [m, end[i]]), c.other,
          { lineStyle: { width: 1.2 }, z: 3 }));
      });
    });
    series.push({ type: "scatter", id: "cursor", name: "Cursor", data: [], symbolSize: 13, silent: true, animation: false,
      z: 6, itemStyle: { color: c.boson, borderColor: c.paper, borderWidth: 2 } });
    const names = inside.map((o) => ({
      type: "text", silent: true, z: 7, label: o,
      style: { text: `${o.label} ${closed(o, top) ? "↓" : "↑"}`, fill: c.text, fontSize: 11,
        stroke: c.paper, lineWidth: 3 },
    }));
    return { option: { ...base(c, "Limit on the coupling against the mass, with the band expected without a boson"),
      grid: { left: 54, right: 14, top: 56, bottom: 46 },
      legend: { top: 0, left: 46, right: 10, textStyle: { color: c.text }, itemWidth: 18, itemHeight: 8,
        data: series.map((item) => item.name).filter((name) => !inside.some((o) => o.label === name)) },
      xAxis: massAxis(c, masses),
      yAxis: axis(c, "g_ve [1e-4]", { nameGap: 32, min: 0, max: top,
        axisLabel: { color: c.text, showMinLabel: true, showMaxLabel: false, formatter: (v) => `${+v.toFixed(1)}` } }),
      series }, names, top };
  };

  // Names of other bounds, at the left end of their edge and on the excluded side, moved apart where they would meet.
  const named = (instance, names, top) => {
    const used = [];
    const graphic = names.map(({ label, ...item }) => {
      const k = Math.floor(0.02 * label.masses.length);
      const above = !closed(label, top), edge = above ? label.low[k] : label.high[k];
      const [x, pixel] = instance.convertToPixel({ gridIndex: 0 }, [label.masses[k], edge]);
      let y = above ? pixel - 15 : pixel + 3;
      while (used.some((other) => Math.abs(other - y) < 13)) y += above ? -13 : 13;
      used.push(y);
      return { ...item, id: `name-${used.length}`, x: x + 4, y };
    });
    instance.setOption({ graphic }, { replaceMerge: ["graphic"] });
  };

  // ---- local p -----------------------------------------------------------------------------------------

  const TAILS = [[0.5, "0σ"], [0.1587, "1σ"], [0.02275, "2σ"], [0.00135, "3σ"], [3.17e-5, "4σ"], [2.87e-7, "5σ"]];

  const localP = () => {
    const c = colours(), s = held.scan, masses = s.limit.masses;
    const smallest = Math.min(...s.local_p.map((p) => p[1]).filter((p) => p > 0));
    const floor = 10 ** Math.min(-3, Math.floor(Math.log10(smallest)));
    return { ...base(c, "Local p-value against the mass"),
      grid: { left: 64, right: 34, top: 14, bottom: 46 },
      xAxis: massAxis(c, masses),
      yAxis: axis(c, "local p", { type: "log", nameGap: 46, min: floor, max: 1,
        axisLabel: { color: c.text, formatter: (v) => (v >= 0.01 ? `${v}` : v.toExponential(0)) } }),
      series: [
        { ...line("Local p", s.local_p, c.data),
          markLine: { silent: true, symbol: "none", animation: false, lineStyle: { color: c.faint, type: "dotted" },
            label: { color: c.text, position: "end", formatter: (item) => item.name },
            data: TAILS.filter(([p]) => p > floor && p < 0.5).map(([p, name]) => ({ yAxis: p, name })) } },
        { type: "scatter", id: "cursor", name: "Cursor", data: [], symbolSize: 13, silent: true, animation: false,
          z: 6, itemStyle: { color: c.boson, borderColor: c.paper, borderWidth: 2 } },
      ] };
  };

  // ---- drawing -----------------------------------------------------------------------------------------

  const whole = (name, option) => {
    const instance = chart(name);
    if (instance) instance.setOption(option, { notMerge: true });
    return instance;
  };

  // The observable and the map are drawn at once: they answer a hand. The others follow in the next frame, and
  // are drawn once if several moves came meanwhile.
  const drawScan = () => {
    if (!held.scan) return;
    whole("observable", observable());
    whole("map", map());
    drawScale();
    drawCursor();
    later("limit", drawLimit);
    later("p", () => { whole("p", localP()); markP(); });
  };

  const waiting = {};
  const later = (name, draw) => {
    if (waiting[name]) return;
    waiting[name] = true;
    setTimeout(() => { waiting[name] = false; if (held.scan) draw(); }, 0);
  };

  const merge = (name, series) => {
    const instance = chart(name);
    if (instance) instance.setOption({ series });
  };

  const place = () => [held.cursor.mass, SCALE * held.cursor.g];

  const drawLimit = () => {
    const { option, names, top } = limit();
    const instance = whole("limit", option);
    if (instance) named(instance, names, top);
    markLimit();
  };

  const markLimit = () => merge("limit", [{ id: "cursor", data: [place()] }]);
  const markP = () => merge("p", [{ id: "cursor", data: [[held.cursor.mass, Math.max(held.cursor.local_p, 1e-12)]] }]);

  const drawCursor = () => {
    const cursor = held.cursor;
    if (!cursor || !held.scan) return;
    merge("observable", [
      { name: "With the boson at the cursor", data: cursor.curve }, { name: "Pull", data: cursor.pulls },
    ]);
    merge("map", [{ id: "cursor", data: [place()] }]);
    drawNumbers();
    later("limit-cursor", markLimit);
    later("p-cursor", markP);
  };

  const drawNumbers = () => {
    const table = document.getElementById("x17-numbers"), { numbers } = held.cursor;
    if (!table) return;
    while (table.rows.length > numbers.length) table.deleteRow(-1);
    numbers.forEach(([name, value], i) => {
      const row = table.rows[i] || table.insertRow();
      if (!row.cells.length) { row.appendChild(document.createElement("th")).scope = "row"; row.insertCell(); }
      row.cells[0].textContent = name;
      row.cells[1].textContent = value;
    });
  };

  // ECharts draws in the next frame unless told to: told, the time of a move can be read when it is over.
  const flush = () => {
    ["observable", "map"].forEach((name) => { const instance = chart(name); if (instance) instance.getZr().flush(); });
    redrawn.count += 1;
    redrawn.at = performance.now();
  };

  const remember = (query) => {
    clearTimeout(addressTimer);
    addressTimer = setTimeout(() => history.replaceState({}, "", query ? `?${query}` : location.pathname), 200);
  };

  const listen = () => {
    const points = chart("observable"), plane = chart("map"), bound = chart("limit");
    points.on("click", (event) => {
      if (event.seriesName === "Data") emitEvent("x17-point", { period: held.scan.points[event.dataIndex].period });
    });
    [plane, bound].forEach((instance) => instance.getZr().on("click", (event) => {
      const spot = [event.offsetX, event.offsetY];
      if (!instance.containPixel({ gridIndex: 0 }, spot)) return;
      const [mass, g] = instance.convertFromPixel({ gridIndex: 0 }, spot);
      emitEvent("x17-cursor", { mass, g: g / SCALE });
    }));
    new MutationObserver(() => { drawScan(); flush(); })
      .observe(document.body, { attributes: true, attributeFilter: ["class"] });
    let width = window.innerWidth;
    window.addEventListener("resize", () => {
      if (window.innerWidth !== width) { width = window.innerWidth; setTimeout(() => later("limit", drawLimit), 60); }
    });
  };

  // The button of the file chooser is a picture without a name.
  const nameFileChooser = () => document.querySelectorAll(".q-uploader a[role=button], .q-uploader button")
    .forEach((button) => button.setAttribute("aria-label", "Choose a CSV"));

  const start = (ids) => {
    const again = held.ids !== null; // after a broken connection
    held.ids = ids;
    const ready = () => {
      if (!Object.keys(ids).every((name) => chart(name))) { setTimeout(ready, 50); return; }
      if (!again) listen();
      nameFileChooser();
      drawScan();
      drawToysNote();
      flush();
      document.body.dataset.x17 = "ready";
    };
    ready();
  };

  const drawScale = () => {
    const bar = document.getElementById("x17-scale"), top = held.scan && held.scan.map.reach;
    if (!bar || !top) return;
    ["−" + top, "Q = 0", "+" + top].forEach((text, i) => { bar.children[i].textContent = text; });
  };

  const drawToysNote = () => {
    const note = document.getElementById("x17-toys");
    if (note && held.toys) { note.textContent = held.toys.note; note.classList.toggle("x17-older", held.toys.older); }
  };

  return {
    start,
    redrawn,
    held,
    scan(drawing, cursor, toys, query) {
      held.scan = drawing; held.cursor = cursor; held.toys = toys;
      drawScan(); drawToysNote(); flush(); remember(query);
    },
    cursor(cursor, query) { held.cursor = cursor; drawCursor(); flush(); remember(query); },
    toys(toys) { held.toys = toys; drawToysNote(); if (held.scan) later("limit", drawLimit); },
    address: remember,
  };
})();
