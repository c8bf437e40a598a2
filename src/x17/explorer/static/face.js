// The face of the calorimeter as the beam sees it, drawn as SVG in millimetres; y points up.
// Draws what it is given and computes nothing but places on the page.

const LEVELS = 10;

export default {
  template: `
  <div class="ev-face" :class="{ older }" tabindex="0" role="img" :aria-label="text"
       aria-keyshortcuts="ArrowLeft ArrowRight Home End N">
    <svg ref="svg" :viewBox="box" aria-hidden="true" :style="{ '--mm': mm }">
      <path v-if="face.shadow" class="shadow" fill-rule="evenodd" :d="shadowPath"></path>
      <g class="cells">
        <rect v-for="cell in cells" :key="cell.key" :x="cell.x" :y="cell.y" :width="face.side"
              :height="face.side" :class="cell.look"><title>{{ cell.title }}</title></rect>
      </g>
      <g class="dead"><path v-for="cross in crosses" :d="cross"></path></g>
      <circle v-if="face.hole" class="hole" :cx="face.center[0]" :cy="-face.center[1]" :r="face.hole"></circle>
      <path class="region" :d="region"></path>
      <g class="wedge"><path v-for="line in wedge" :d="line"></path></g>
      <g class="radii">
        <circle v-for="circle in radii" :key="circle.name" :class="circle.name" :cx="axis[0]" :cy="axis[1]"
                :r="circle.r"></circle>
        <path class="axis" :d="axisPath"></path>
      </g>
      <g v-if="event" class="clusters">
        <line v-if="pair.length" class="link" :class="verdict" :x1="pair[0].x" :y1="-pair[0].y"
              :x2="pair[1].x" :y2="-pair[1].y"></line>
        <g v-for="(one, k) in event.clusters" :key="k">
          <circle :class="['cluster', one.pair ? verdict : 'other', { late: !one.in_time }]" :cx="one.x"
                  :cy="-one.y" :r="one.pair ? 17 : 13"><title>{{ one.title }}</title></circle>
        </g>
      </g>
      <g v-if="event && event.truth" class="truth">
        <g v-for="one in event.truth">
          <path :class="{ own: one.own }" :d="diamond(one)"><title>{{ one.title }}</title></path>
          <text v-if="one.own" :x="one.x" :y="-one.y + (isLow(one) ? -20 - 4 * mm : 20 + 14 * mm)"
                text-anchor="middle">{{ one.label }}</text>
        </g>
      </g>
      <g class="names">
        <text v-for="one in circleNames" :key="one.name" :class="one.name" :x="one.x" :y="one.y"
              text-anchor="middle">R<tspan class="index" :dy="3 * mm">{{ one.index }}</tspan><tspan
              :dy="-3 * mm">{{ one.text }}</tspan></text>
        <text v-for="one in pairNames" class="energy" :class="verdict" :x="one.x" :y="one.y"
              text-anchor="middle">{{ one.text }}</text>
      </g>
    </svg>
    <div class="ev-scale" aria-hidden="true">
      <span>1</span><i v-for="k in levels" :class="'e' + k"></i><span>{{ face.top }} MeV in a crystal</span>
    </div>
  </div>`,
  props: { face: Object, circles: Object, event: Object, older: Boolean, text: String },
  data: () => ({ mm: 1 }),
  computed: {
    levels: () => [...Array(LEVELS).keys()],
    // In a narrow drawing a pixel is many millimetres: names and markers grow with it, up to a point.
    small() {
      return Math.min(Math.max(this.mm / 1.1, 0.8), 2);
    },
    box() {
      const { center, reach } = this.face;
      return [center[0] - reach, -center[1] - reach, 2 * reach, 2 * reach].join(" ");
    },
    axis() {
      return [this.circles.center[0], -this.circles.center[1]];
    },
    shadowPath() {
      const [left, right, bottom, top] = this.face.shadow;
      const { center, reach } = this.face;
      const around = `M${center[0] - reach} ${-center[1] - reach}h${2 * reach}v${2 * reach}h${-2 * reach}z`;
      return `${around}M${left} ${-top}H${right}V${-bottom}H${left}z`;
    },
    cells() {
      const lit = new Map();
      if (this.event) for (const [cell, energy, inTime] of this.event.cells) lit.set(cell, [energy, inTime]);
      const half = 0.5 * this.face.side;
      const dead = new Set(this.face.dead);
      return this.face.cells.map(([x, y], k) => {
        const [energy, inTime] = lit.get(k) || [0, true];
        const look = dead.has(k) ? "deadcell" : energy > 0 ? `e${this.level(energy)}` : "idle";
        return {
          key: k,
          x: x - half,
          y: -y - half,
          look: inTime ? look : `${look} late`,
          title: dead.has(k) ? "dead crystal" : energy > 0 ? `${energy} MeV` + (inTime ? "" : ", not in time") : "no energy",
        };
      });
    },
    crosses() {
      const half = 0.3 * this.face.side;
      return this.face.dead.map((k) => {
        const [x, y] = this.face.cells[k];
        return `M${x - half} ${-y - half}l${2 * half} ${2 * half}m0 ${-2 * half}l${-2 * half} ${2 * half}`;
      });
    },
    wedge() {
      const tan = Math.tan(this.face.wedge);
      if (this.face.wedge >= 1.57) return [];
      const far = 2 * this.face.reach;
      const [x, y] = this.axis;
      return [tan, -tan].map((t) => `M${x - far} ${y + t * far}L${x + far} ${y - t * far}`);
    },
    region() {
      const { r_least: inner, r_max: outer } = this.circles;
      if (!(outer > inner)) return "";
      return [0, Math.PI].map((turn) => this.sector(inner, outer, turn)).join("");
    },
    radii() {
      const c = this.circles;
      return [
        { name: "r-max", r: c.r_max },
        { name: "r-min", r: c.r_min },
        { name: "r-least", r: c.r_least },
      ].filter((one) => one.r > 0);
    },
    axisPath() {
      const [x, y] = this.axis;
      const arm = 7 * this.small;
      return `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`;
    },
    circleNames() {
      const [x, y] = this.axis;
      const lift = 5 * this.mm;
      const { r_max: outer, r_min: inner } = this.circles;
      // R_max is named above its circle and R_min below its own: the two names never meet.
      return [
        { name: "r-max", index: "max", x, y: y - outer - lift, text: ` ${outer.toFixed(0)} mm` },
        { name: "r-min", index: "min", x, y: y + inner + 13 * this.mm + 0.4 * lift, text: ` ${inner.toFixed(0)} mm` },
      ];
    },
    pair() {
      return this.event ? this.event.clusters.filter((one) => one.pair) : [];
    },
    verdict() {
      return this.event ? this.event.verdict : "";
    },
    pairNames() {
      // Where there is little room the time is left to the table.
      const narrow = this.mm > 1.5;
      return this.pair.map((one) => {
        const text = narrow ? one.short : one.label;
        const room = this.face.reach - 4.2 * this.mm * text.length;
        const middle = this.face.center[0];
        return {
          x: Math.min(Math.max(one.x, middle - room), middle + room),
          y: -one.y + (this.isLow(one) ? 20 + 14 * this.mm : -20 - 4 * this.mm),
          text,
        };
      });
    },
  },
  mounted() {
    this.watcher = new ResizeObserver(() => this.measure());
    this.watcher.observe(this.$refs.svg);
    this.measure();
    this.onKey = (key) => this.step(key);
    document.addEventListener("keydown", this.onKey);
    this.$emit("shown", true);
  },
  unmounted() {
    this.watcher.disconnect();
    document.removeEventListener("keydown", this.onKey);
  },
  methods: {
    measure() {
      const width = this.$refs.svg ? this.$refs.svg.clientWidth : 0;
      if (width > 0) this.mm = (2 * this.face.reach) / width;
    },
    // The drawing as a file of its own: what the style sheet says is written into it.
    keep(name) {
      const copy = this.$refs.svg.cloneNode(true), looks = ["fill", "stroke", "stroke-width", "stroke-dasharray",
        "stroke-opacity", "fill-opacity", "opacity", "paint-order", "stroke-linejoin", "font-size", "font-weight", "font-family"];
      const pairs = [[this.$refs.svg, copy]];
      this.$refs.svg.querySelectorAll("*").forEach((one, k) => pairs.push([one, copy.querySelectorAll("*")[k]]));
      pairs.forEach(([shown, kept]) => {
        const style = getComputedStyle(shown);
        kept.setAttribute("style", looks.map((look) => `${look}:${style.getPropertyValue(look)}`).join(";"));
      });
      copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
      const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },
    isLow(one) {
      return -one.y > this.axis[1];
    },
    level(energy) {
      const share = Math.log(Math.max(energy, 1)) / Math.log(this.face.top);
      return Math.min(LEVELS - 1, Math.floor(LEVELS * share));
    },
    sector(inner, outer, turn) {
      const half = Math.min(this.face.wedge, 0.5 * Math.PI - 1e-6);
      const [x, y] = this.axis;
      const at = (r, angle) => `${x + r * Math.cos(turn + angle)} ${y + r * Math.sin(turn + angle)}`;
      return (
        `M${at(outer, -half)}A${outer} ${outer} 0 0 1 ${at(outer, half)}` +
        `L${at(inner, half)}A${inner} ${inner} 0 0 0 ${at(inner, -half)}z`
      );
    },
    diamond(one) {
      const arm = (one.own ? 9 : 6) * this.small;
      return `M${one.x} ${-one.y - arm}l${arm} ${arm}l${-arm} ${arm}l${-arm} ${-arm}z`;
    },
    step(key) {
      if (this.$el.offsetParent === null || key.ctrlKey || key.altKey || key.metaKey) return;
      const target = key.target;
      const near = this.$el.contains(target) || target.closest?.(".ev-steps button");
      if (!near && target !== document.body) return;
      const everywhere = { ArrowLeft: "previous", ArrowRight: "next", n: "next_selected", N: "previous_selected" };
      const steps = near ? { ...everywhere, Home: "first", End: "last" } : everywhere;
      if (!(key.key in steps)) return;
      key.preventDefault();
      this.$emit("step", steps[key.key]);
    },
  },
};
