/**
 * plot-stats: the chart of stats rows, for people without a browser: minimum to maximum as a band, the average as a line.
 *
 * stdin   stats rows, CSV with a header or NDJSON      stdout  the chart as text; with --svg - or --png - a picture
 * Where rows are missing there is a gap. The same rows in another order give the same chart.
 * Memory: some thousand stretches of time per sensor, whatever the number of rows.
 */

import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { type Axes, type Chart, makePanel, timeSpan } from '../plot/chart.ts';
import { type Collected, Collection } from '../plot/collection.ts';
import { drawText } from '../plot/terminal.ts';
import { parseDuration } from '../readings/duration.ts';
import { quote } from '../readings/line.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import { parseTime } from '../readings/time.ts';
import { timeZone } from '../stats/time-zone.ts';

const WIDTH = 80;
const HEIGHT = 12;

export default defineTool({
  name: 'plot-stats',
  summary: 'Draw stats rows: the band from minimum to maximum, the line of the averages, and the gaps.',
  operands: '[FILE|STORE...]',
  options: {
    sensor: { type: 'text', repeats: true, describe: 'only this sensor; repeatable (all, one below the other)' },
    window: { alias: 'w', type: 'text', describe: 'the window, such as 1h or all (that of the first row)' },
    width: { type: 'text', parse: wholeNumber(20, 4000), describe: 'characters, or pixels of a picture' },
    height: { type: 'text', parse: wholeNumber(2, 4000), describe: 'the same, of each plotting area' },
  },
  examples: [['get-stats -w 1h temperature.log | $0', 'the hours of a log']],
  async *run(options, io, operands) {
    const wanted = { sensors: options.sensor, window: options.window, from: -Infinity, to: Infinity, lastMs: Infinity, convert: (v: number) => v };
    const collection = new Collection(wanted);
    for await (const rows of readStatsRows(io.lines(operands), io.reject)) {
      for (const row of rows) collection.add(row);
      io.accept(rows.length);
    }
    const all = collection.collected();
    const axes: Axes = { from: undefined, to: undefined, low: undefined, high: undefined };
    const span = timeSpan(all, axes);
    const chart: Chart = {
      title: undefined,
      panels: all.map((each) => makePanel(each, collection.window ?? '', axes, collection.decimals, ' °C')),
      ...span,
      offsetAt: () => 0,
      zone: 'UTC',
      unit: ' °C',
    };
    yield* drawText(chart, { width: options.width ?? 80, height: options.height ?? 12, ascii: io.env.A === '1', colour: io.env.C==='1' });
  },
});
