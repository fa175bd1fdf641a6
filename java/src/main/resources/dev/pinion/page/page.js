'use strict';
/* What the scripts of all pages share. Each page's own script comes behind it. */
const page = (() => {
  const plots = [];

  /** The value of one of the colours of page.css, as it is now: '--text', '--s1' ... */
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** What the page was made with. */
  const data = JSON.parse(document.getElementById('data').textContent);

  /** An axis in the page's colours; the rest is uPlot's. */
  const axis = options => Object.assign({
    stroke: () => colour('--dim'),
    grid: {stroke: () => colour('--line'), width: 1},
    ticks: {stroke: () => colour('--line'), width: 1},
  }, options);

  /** Where a logarithmic axis has its steps: at 1, 2 and 5, at powers of ten where those would be too many, at every digit where too few. */
  const logSteps = (least, most, room) => {
    const from = Math.floor(Math.log10(least));
    const decades = Math.ceil(Math.log10(most)) - from;
    const steps = (digits, every) => {
      const found = [];
      for (let decade = Math.ceil(from / every) * every; decade <= from + decades; decade += every) {
        found.push(...digits.map(digit => Number(digit + 'e' + decade)));
      }
      return found.filter(step => step >= least && step <= most);
    };
    let found = steps([1, 2, 5], 1);
    if (found.length < 2) {
      return steps([1, 2, 3, 4, 5, 6, 7, 8, 9], 1);
    }
    for (let every = 1; found.length > room && every <= decades; every++) {
      found = steps([1], every);
    }
    return found;
  };

  /** As uPlot's axis.size: room for the longest of the words, across an upright axis or along a turned one. */
  const fit = (plot, words, index, cycle) => {
    const own = plot.axes[index];
    if (cycle > 1) {
      return own._size; // uPlot asks until the sizes no longer change
    }
    plot.ctx.font = own.font[0];
    return Math.ceil(own.ticks.size + own.gap + Math.max(0, ...(words || []).map(word => plot.ctx.measureText(word).width / devicePixelRatio)));
  };

  /** An upright logarithmic axis, as wide as its words, which text(value) makes. */
  const logAxis = text => axis({
    splits: (plot, index, least, most) => logSteps(least, most, plot.bbox.height / devicePixelRatio / 18),
    filter: (plot, steps) => steps,
    values: (plot, steps) => steps.map(text),
    size: fit,
  });

  /** A series in the n-th colour, from 1. */
  const series = (label, n, options) => Object.assign({
    label, width: 2, stroke: () => colour('--s' + n), points: {stroke: () => colour('--s' + n)},
  }, options);

  /**
   * A plot in an element, as wide as that is at any time. options and values are uPlot's; height is in pixels, or a function of the width.
   */
  const plot = (element, options, values) => {
    const height = width => typeof options.height === 'function' ? options.height(width) : options.height || 260;
    const inside = () => {
      const style = getComputedStyle(element);
      return Math.max(200, element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
    };
    const width = inside();
    const made = new uPlot(Object.assign({}, options, {width, height: height(width)}), values, element);
    new ResizeObserver(() => {
      const now = inside();
      if (now !== made.width) {
        made.setSize({width: now, height: height(now)});
      }
    }).observe(element);
    plots.push(made);
    return made;
  };

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.forEach(each => each.redraw(false)));

  // What is wider than its place says so: a phone shows no scroll bar.
  for (const wide of document.querySelectorAll('.wide')) {
    const hint = document.createElement('p');
    hint.className = 'hint';
    hint.textContent = 'There is more to the right: scroll sideways.';
    wide.before(hint);
    const observer = new ResizeObserver(() => {
      hint.hidden = wide.scrollWidth <= wide.clientWidth;
    });
    observer.observe(wide);
    observer.observe(wide.firstElementChild);
  }

  /** A duration in nanoseconds with three digits and its unit. */
  const nanos = value => {
    const [scale, unit] = value < 1e3 ? [1, 'ns'] : value < 1e6 ? [1e3, 'us'] : value < 1e9 ? [1e6, 'ms'] : [1e9, 's'];
    return Number((value / scale).toPrecision(3)) + ' ' + unit;
  };

  return {data, colour, axis, fit, logAxis, series, plot, nanos};
})();
