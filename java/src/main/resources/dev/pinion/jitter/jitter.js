'use strict';
{
  const data = page.data;
  const log = {distr: 3};
  const rates = side => data[side].rates.map(each => each.perSecond > 0 ? each.perSecond : null);
  const steps = uPlot.paths.stepped({align: 1});
  page.plot(document.getElementById('sizes'), {
    scales: {x: {distr: 3, time: false}, y: log},
    axes: [page.axis({values: (plot, values) => values.map(each => each === null ? '' : page.nanos(each))}), page.axis({label: 'gaps a second'})],
    series: [{label: 'from', value: (plot, value) => value === null ? '' : page.nanos(value)}, page.series('pinned', 1, {paths: steps}),
      page.series('unpinned', 2, {paths: steps})],
  }, [data.bounds, rates('pinned'), rates('unpinned')]);
  const longest = side => data[side].longest.map(each => each > 0 ? each : null);
  const nanos = (plot, value) => value === null ? '' : page.nanos(value);
  page.plot(document.getElementById('timeline'), {
    scales: {x: {time: false}, y: log},
    axes: [page.axis({label: 'seconds of reading'}), page.axis({size: 70, values: (plot, values) => values.map(each => each === null ? '' : page.nanos(each))})],
    series: [{label: 'at', value: (plot, value) => value === null ? '' : value.toFixed(2) + ' s'}, page.series('pinned', 1, {value: nanos}),
      page.series('unpinned', 2, {value: nanos})],
  }, [data.pinned.longest.map((each, i) => i * data.seconds / data.slices), longest('pinned'), longest('unpinned')]);
}
