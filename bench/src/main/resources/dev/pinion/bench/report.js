'use strict';
/* The plots of pinion bench: all ratios with their intervals, and the percentiles of each workload. */
(() => {
  const {subject, others, ratios, latencies} = page.data;
  const logarithmic = {distr: 3, log: 10};
  /** Only the powers of ten and, where there is room, 2 and 5 between them. */
  const readable = (plot, ticks) => ticks.map(tick => {
    const digit = Math.round(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9));
    return digit === 1 || digit === 2 || digit === 5 ? tick : null;
  });

  /** A band around the values, so that nothing lies on the border. */
  const range = (plot, least, most) => [least / 1.5, most * 1.5];

  if (ratios.length > 0) {
    const element = document.getElementById('ratios');
    element.style.minWidth = Math.max(300, 80 + 26 * ratios.length) + 'px';
    // Beside each other, so that the intervals of one row do not cover each other.
    const step = 0.5 / others.length;
    const place = (row, other) => row + (other - (others.length - 1) / 2) * step;
    const ends = ratios.flatMap(row => row.ratios).filter(ratio => ratio).flatMap(ratio => [ratio[1] || ratio[0], ratio[2] || ratio[0]]);
    page.plot(element, {
      height: width => Math.max(420, Math.min(560, width * 0.6)),
      legend: {show: true, live: false},
      cursor: {show: false},
      scales: {
        x: {time: false, range: [-0.6, ratios.length - 0.4]},
        y: Object.assign({range: () => [Math.min(0.9, ...ends) / 1.3, Math.max(1.1, ...ends) * 1.3]}, logarithmic),
      },
      axes: [
        page.axis({
          splits: () => ratios.map((row, index) => index), values: () => ratios.map(row => row.name), rotate: -90, size: 190, gap: 6,
        }),
        page.axis({size: 64, filter: readable, values: (plot, ticks) => ticks.map(tick => tick === null ? '' : tick + 'x')}),
      ],
      series: [{}].concat(others.map((other, index) => page.series(subject + '/' + other, index + 1, {
        paths: () => null, points: {show: false},
      }))),
      hooks: {draw: [plot => {
        const context = plot.ctx;
        const pixels = devicePixelRatio;
        const y = value => plot.valToPos(value, 'y', true);
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
            context.moveTo(x, y(ratio[1] || ratio[0]));
            context.lineTo(x, y(ratio[2] || ratio[0]));
            context.stroke();
            context.beginPath();
            context.arc(x, y(ratio[0]), 3.5 * pixels, 0, 2 * Math.PI);
            context.fill();
          }
        }));
        context.restore();
      }]},
    }, [ratios.map((row, index) => index)].concat(others.map((other, index) => ratios.map(row => row.ratios[index] && row.ratios[index][0]))));
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
        page.axis({size: 64, filter: readable, values: (plot, ticks) => ticks.map(tick => tick === null ? '' : page.nanos(tick))}),
      ],
      series: [{}].concat([subject].concat(others).map((side, index) => page.series(side, index + 1, {
        points: {show: true, size: 7, stroke: () => page.colour('--s' + (index + 1)), fill: () => page.colour('--s' + (index + 1))},
      }))),
    }, [each.labels.map((label, index) => index)].concat(each.sides));
  }
})();
