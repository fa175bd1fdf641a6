'use strict';
/* The plots of pinion bench: all ratios with their intervals, and the percentiles of each workload. */
(() => {
  const {subject, others, ratios, latencies} = page.data;
  const logarithmic = {distr: 3, log: 10};
  /** A band around the values, so that nothing lies on the border. */
  const range = (plot, least, most) => [least / 1.5, most * 1.5];

  if (ratios.length > 0) {
    const element = document.getElementById('ratios');
    element.style.minWidth = Math.max(300, 80 + 26 * ratios.length) + 'px';
    // Beside each other, so that the intervals of one row do not cover each other.
    const step = 0.5 / others.length;
    const place = (row, other) => row + (other - (others.length - 1) / 2) * step;
    // 0 and null are beyond any scale, below and above.
    const ends = ratios.flatMap(row => row.ratios).filter(ratio => ratio).flat().filter(end => end > 0);
    page.plot(element, {
      height: width => Math.max(420, Math.min(560, width * 0.6)),
      // Beside the plot, which may scroll.
      legend: {show: true, live: false, mount: (plot, legend) => document.getElementById('key').append(legend)},
      cursor: {show: false},
      scales: {
        x: {time: false, range: [-0.6, ratios.length - 0.4]},
        y: Object.assign({range: () => [Math.min(0.9, ...ends) / 1.3, Math.max(1.1, ...ends) * 1.3]}, logarithmic),
      },
      axes: [
        page.axis({
          splits: () => ratios.map((row, index) => index), values: () => ratios.map(row => row.name), rotate: -90, size: page.fit, gap: 6,
        }),
        page.logAxis(step => step.toLocaleString('en', {maximumFractionDigits: 12}) + 'x'),
      ],
      series: [{}].concat(others.map((other, index) => page.series(subject + '/' + other, index + 1, {
        paths: () => null, points: {show: false},
      }))),
      hooks: {draw: [plot => {
        const context = plot.ctx;
        const pixels = devicePixelRatio;
        const bottom = plot.bbox.top + plot.bbox.height;
        const y = value => value === 0 ? bottom : value === null ? plot.bbox.top : plot.valToPos(value, 'y', true);
        const dot = (x, value) => {
          const size = 3.5 * pixels;
          context.beginPath();
          if (value > 0) {
            context.arc(x, y(value), size, 0, 2 * Math.PI);
          } else { // an arrow at the edge
            const inwards = value === 0 ? -2.5 * size : 2.5 * size;
            context.moveTo(x, y(value));
            context.lineTo(x - 1.5 * size, y(value) + inwards);
            context.lineTo(x + 1.5 * size, y(value) + inwards);
          }
          context.fill();
        };
        context.save();
        context.lineWidth = pixels;
        context.strokeStyle = page.colour('--text');
        context.beginPath();
        context.moveTo(plot.bbox.left, y(1));
        context.lineTo(plot.bbox.left + plot.bbox.width, y(1));
        context.stroke();
        ratios.forEach((row, index) => row.ratios.forEach((ratio, other) => {
          if (ratio && plot.series[other + 1].show) {
            const x = plot.valToPos(place(index, other), 'x', true);
            context.strokeStyle = context.fillStyle = page.colour('--s' + (other + 1));
            context.lineWidth = 2 * pixels;
            context.beginPath();
            context.moveTo(x, y(ratio[1]));
            context.lineTo(x, y(ratio[2]));
            context.stroke();
            dot(x, ratio[0]);
          }
        }));
        context.restore();
      }]},
    }, [ratios.map((row, index) => index)].concat(others.map((other, index) => ratios.map(row => row.ratios[index] && row.ratios[index][0] || null))));
  }

  for (const each of latencies) {
    const box = document.createElement('div');
    const heading = document.createElement('h3');
    heading.textContent = each.name;
    const element = document.createElement('div');
    element.className = 'plot';
    box.append(heading, element);
    document.getElementById('latencies').append(box);
    page.plot(element, {
      height: 220,
      legend: {show: true, live: false},
      cursor: {show: false},
      scales: {x: {time: false, range: [-0.3, each.labels.length - 0.7]}, y: Object.assign({range}, logarithmic)},
      axes: [
        page.axis({splits: () => each.labels.map((label, index) => index), values: () => each.labels}),
        page.logAxis(page.nanos),
      ],
      series: [{}].concat([subject].concat(others).map((side, index) => page.series(side, index + 1, {
        points: {show: true, size: 7, stroke: () => page.colour('--s' + (index + 1)), fill: () => page.colour('--s' + (index + 1))},
      }))),
    }, [each.labels.map((label, index) => index)].concat(each.sides));
  }
})();
