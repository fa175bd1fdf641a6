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

  /** A duration in nanoseconds with three digits and its unit. */
  const nanos = value => {
    const [scale, unit] = value < 1e3 ? [1, 'ns'] : value < 1e6 ? [1e3, 'us'] : value < 1e9 ? [1e6, 'ms'] : [1e9, 's'];
    return Number((value / scale).toPrecision(3)) + ' ' + unit;
  };

  return {data, colour, axis, series, plot, nanos};
})();
