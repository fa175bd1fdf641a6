'use strict';
/* The plots of pinion jitter: how many gaps of which size, and a band for each reader with its longest gap over the time. */
(() => {
  const {bounds, slices, seconds, sides} = page.data;
  const empty = () => ({paths: () => null, points: {show: false}});
  const key = {show: true, live: false};

  /** The bars of both sides stand beside each other; uPlot has no bars on a logarithmic scale. */
  const bars = plot => {
    const context = plot.ctx;
    const bottom = plot.bbox.top + plot.bbox.height;
    const width = plot.bbox.width / bounds.length * 0.4;
    context.save();
    sides.forEach((side, index) => {
      if (plot.series[index + 1].show) {
        context.fillStyle = page.colour('--s' + (index + 1));
        side.rates.forEach((rate, bucket) => {
          if (rate > 0) {
            const top = plot.valToPos(rate, 'y', true);
            context.fillRect(plot.valToPos(bucket, 'x', true) + (index - 1) * width, top, width, bottom - top);
          }
        });
      }
    });
    context.restore();
  };

  const rates = sides.flatMap(side => side.rates).filter(rate => rate > 0);
  const isNarrow = plot => plot.width < 800;
  page.plot(document.getElementById('sizes'), {
    legend: key,
    cursor: {show: false},
    scales: {
      x: {time: false, range: [-0.5, bounds.length - 0.5]},
      y: {distr: 3, log: 10, range: () => [Math.min(1, ...rates) / 2, Math.max(1, ...rates) * 1.5]},
    },
    axes: [
      page.axis({
        splits: () => bounds.map((bound, bucket) => bucket),
        values: () => bounds.map((bound, bucket) => page.nanos(bound) + (bucket + 1 < bounds.length ? '' : ' +')),
        rotate: plot => isNarrow(plot) ? -90 : 0, size: (plot, ...words) => isNarrow(plot) ? page.fit(plot, ...words) : 34, grid: {show: false},
      }),
      page.logAxis(rate => rate + '/s'),
    ],
    series: [{}].concat(sides.map((side, index) => page.series(side.name, index + 1, empty()))),
    hooks: {draw: [bars]},
  }, [bounds.map((bound, bucket) => bucket)].concat(sides.map(side => side.rates)));

  // As in the terminal: a step for each factor of 4, the first from 1 us on.
  const STEPS = 9;
  const strength = nanos => 0.15 + 0.85 * Math.min(STEPS, 1 + Math.floor(Math.log2(nanos / 1000) / 2)) / STEPS;
  const scale = document.getElementById('scale');
  for (let step = 0; step < STEPS; step++) {
    const entry = document.createElement('span');
    sides.forEach((side, index) => {
      const sample = document.createElement('i');
      sample.style.background = 'var(--s' + (index + 1) + ')';
      sample.style.opacity = strength(1000 * 4 ** step);
      entry.append(sample);
    });
    entry.append(page.nanos(1000 * 4 ** step));
    scale.append(entry);
  }

  const bands = sides.flatMap((side, index) => side.longest.map((longest, reader) => ({side, index, longest, cpu: side.cpus[reader]})));
  const tall = bands.length <= 16 ? 24 : bands.length <= 64 ? 14 : 8;
  const labelled = bands.map((band, row) => row).filter(row => row % Math.ceil(14 / tall) === 0);
  const draw = plot => {
    const context = plot.ctx;
    const height = plot.bbox.height / bands.length;
    const width = plot.bbox.width / slices;
    context.save();
    bands.forEach((band, row) => {
      context.fillStyle = page.colour('--s' + (band.index + 1));
      band.longest.forEach((nanos, slice) => {
        if (nanos > 0) {
          // To whole pixels, or the borders of two slices show.
          const left = Math.round(plot.bbox.left + slice * width);
          context.globalAlpha = strength(nanos);
          context.fillRect(left, plot.bbox.top + row * height + 1, Math.round(plot.bbox.left + (slice + 1) * width) - left, height - 2);
        }
      });
    });
    context.restore();
  };

  const readout = document.getElementById('readout');
  const worst = readout.textContent;
  const point = plot => {
    const {left, top} = plot.cursor;
    const slice = Math.floor(left / plot.bbox.width * devicePixelRatio * slices);
    const band = bands[Math.floor(top / plot.bbox.height * devicePixelRatio * bands.length)];
    readout.textContent = left < 0 || !band || slice >= slices ? worst : band.side.name + ' ' + band.cpu + ' at ' + (slice * seconds / slices).toFixed(2) + ' s: '
      + (band.longest[slice] > 0 ? page.nanos(band.longest[slice]) : 'no gap');
  };
  page.plot(document.getElementById('timeline'), {
    height: 74 + bands.length * tall,
    legend: {show: false},
    cursor: {y: false, drag: {x: false, y: false}, points: {show: false}},
    scales: {x: {time: false, range: [0, seconds]}, y: {range: [0, bands.length]}},
    axes: [
      page.axis({label: 'seconds of reading', labelSize: 20, size: 34, grid: {show: false}}),
      page.axis({splits: () => labelled.map(row => bands.length - row - 0.5), values: () => labelled.map(row => bands[row].side.name + ' ' + bands[row].cpu), size: page.fit,
        grid: {show: false}}),
    ],
    series: [{}, empty()],
    hooks: {draw: [draw], setCursor: [point]},
  }, [[0, seconds], [null, null]]);
})();
