/**
 * plot-stats: a chart of stats rows, without a browser: a band from minimum to maximum, a line of averages, and gaps where
 * rows are missing.
 *
 * stdin   stats rows, CSV with a header or NDJSON      stdout  the chart as text; with --svg - or --png - a picture
 * The order of rows does not matter.
 * Memory: a few thousand buckets per sensor, whatever the number of rows.
 */

import { isAddress } from '../addresses/parse.ts';
import { aheadOption } from '../cli/ahead-option.ts';
import { encodingOption } from '../cli/encoding-option.ts';
import { inGroup } from '../cli/option.ts';
import { terminalOf } from '../cli/terminal.ts';
import { defineTool, type Io, inputFiles, rejectOptions } from '../cli/tool.ts';
import { unitsOption } from '../cli/unit-options.ts';
import { durationValue, fileValue, numberValue, timeValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { textFiles } from '../files/command-files.ts';
import { quote } from '../lines/line.ts';
import { type AxisLimits, type Chart, makeChart } from '../plot/chart.ts';
import { ChartRows, type ChartSeries, type RowFilter } from '../plot/chart-rows.ts';
import { readChartRows } from '../plot/read-chart-rows.ts';
import { type AskedUnit, shownUnit } from '../plot/shown-unit.ts';
import type { TerminalStyle } from '../plot/terminal-style.ts';
import { drawText } from '../plot/text-chart.ts';
import { parseRange, type Range } from '../readings/range.ts';
import { type UnitRule, unitOfSeries } from '../readings/series-units.ts';
import { windowName } from '../readings/window-name.ts';
import { formatDecimal } from '../stats/decimal.ts';
import { timeZone, zoneName } from '../stats/time-zone.ts';
import { parseStoreAddress } from '../stores/open.ts';

/** Width in characters without a terminal. */
const COLUMNS = 80;
/** Height of a plotting area in lines, and of each one if there are more than MANY. */
const LINES = 12;
const FEWER_LINES = 7;
const MANY = 2;

export default defineTool({
  name: 'plot-stats',
  summary: 'Chart stats rows over time: a band from minimum to maximum, and a line of averages.',
  operands: '[FILE|STORE...]',
  options: {
    ahead: { ...aheadOption.ahead, group: 'Input' },
    ...inGroup('Output', {
      svg: { ...fileValue, describe: 'write the chart to this FILE as SVG; - for stdout' },
      png: { ...fileValue, describe: 'the same as PNG' },
      tz: {
        type: 'text',
        value: 'ZONE',
        parse: zoneName,
        describe: 'time zone of the time axis, such as Europe/Berlin (default: UTC)',
      },
      unit: {
        type: 'text',
        choices: ['C', 'F', 'K', 'none'],
        describe: 'convert °C to this; rows without a unit count as °C then; none: no units',
      },
      ...unitsOption,
      axis: {
        type: 'text',
        value: 'MIN..MAX',
        parse: parseRange,
        describe: 'range of the value axis, such as 10..30 (default: all values)',
      },
      title: { type: 'text', value: 'TEXT', describe: 'a heading' },
      width: {
        ...numberValue(20, 4000),
        describe: 'width in characters (default: the terminal) or pixels (default: 960)',
      },
      height: {
        ...numberValue(2, 2000),
        describe: 'height of each plot in lines (default: 12) or pixels (default: 180)',
      },
      ascii: { type: 'flag', describe: 'only ASCII, as in a locale without UTF-8' },
    }),
    ...inGroup('Input', {
      sensor: { type: 'text', value: 'NAME', repeats: true, describe: 'only this sensor; repeatable' },
      window: {
        alias: 'w',
        type: 'text',
        value: 'LENGTH',
        parse: windowName,
        describe: 'rows of this window, such as 1h or all (default: that of the first row)',
      },
      last: { ...durationValue, describe: 'rows that end less than this before the newest one' },
      from: { ...timeValue, describe: 'rows that end after this time' },
      to: { ...timeValue, describe: 'rows that end at this time or before' },
    }),
    ...encodingOption,
    ...rejectOptions,
  },
  // There is nothing to finish after a signal: a picture file is replaced atomically.
  graceMs: 500,
  examples: [
    ['get-stats -w 1h temperature.log | $0', 'the hours of a log'],
    ['$0 -w 1h --last 7d --sensor attic stats.db', 'a week from a database'],
    ['$0 --png week.png --last 7d stats.db', 'as a picture'],
  ],
  notes:
    'A STORE is a SQLite file or postgres://...; other files are read as CSV or NDJSON. A row is drawn at the middle ' +
    'of its window, but at its end for rolling windows (all), which overlap. PNG has two dots per pixel. Colours ' +
    'appear only on a terminal, and not with $NO_COLOR. Without rows the status is 66.',
  files: ({ svg, png }, operands) => ({
    inputs: inputFiles(operands).filter((operand) => !isAddress(operand)),
    outputs: [
      ...textFiles(svg),
      ...(png === undefined || png === '-' ? [] : [{ name: png, content: 'png' as const }]),
    ],
  }),
  async *run(options, io, operands) {
    const { from, to, svg, png, width, height, ascii } = options;
    if (from !== undefined && to !== undefined && from >= to) usage('--from is not before --to');
    if (svg === '-' && png === '-') usage('--svg - does not go with --png -');
    if (png === '-' && io.columns() !== undefined) usage('--png -: not to a terminal');
    for (const operand of operands) checkAddress(operand);
    const rows = new ChartRows(rowFilter(options));
    const { ahead, encoding } = options;
    await readChartRows(inputFiles(operands), rows, { io, ahead, encoding });
    const series = await rows.series();
    checkFound(rows, series, options.sensor, io);
    const chart = await makeChart(series, rows.window ?? '', {
      title: options.title,
      axes: axisLimits(options, rows),
      offsetAt: options.tz === undefined ? () => 0 : timeZone(options.tz),
      zone: options.tz ?? 'UTC',
    });
    if (svg !== undefined || png !== undefined)
      yield* (await import('../plot/picture-files.ts')).drawPictures(chart, { svg, png, width, height });
    else yield* drawText(chart, textStyle(chart, { ascii, width, height }, io));
    // The chart counts as one row.
    io.count({ out: 1 });
  },
});

interface RowOptions {
  readonly sensor: readonly string[];
  readonly window: string | undefined;
  readonly last: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly unit: AskedUnit;
  readonly units: readonly UnitRule[][];
  readonly axis: Range | undefined;
}

function rowFilter({ sensor, window, last, from, to, unit: asked, units }: RowOptions): RowFilter {
  const rules = units.flat();
  return {
    sensors: sensor,
    window,
    from: from ?? Number.NEGATIVE_INFINITY,
    to: to ?? Number.POSITIVE_INFINITY,
    lastMs: last ?? Number.POSITIVE_INFINITY,
    unitOf: (newest) => unitOfSeries(rules, newest),
    shownUnit: (unit) => shownUnit(asked, unit),
  };
}

function axisLimits({ last, from, to, axis }: RowOptions, { oldest }: ChartRows): AxisLimits {
  return {
    from: from ?? (last === undefined ? undefined : oldest),
    to,
    low: axis?.min && Number(formatDecimal(axis.min)),
    high: axis?.max && Number(formatDecimal(axis.max)),
  };
}

function usage(message: string): never {
  throw new Failure(status.usage, message);
}

/** A name with a scheme must be the address of a store. @throws Failure (usage) */
function checkAddress(operand: string): void {
  if (isAddress(operand)) parseStoreAddress(operand);
}

/** Warns about rows that were requested but do not exist, and about rows that exist but are not shown. */
function checkFound(rows: ChartRows, found: readonly ChartSeries[], asked: readonly string[], io: Io): void {
  const { window, otherWindows, tooLarge } = rows;
  const others = [...otherWindows].sort().map(quote).join(', ');
  if (tooLarge > 0) io.warn(`${tooLarge} ${tooLarge === 1 ? 'row is' : 'rows are'} too large to draw`);
  if (found.length === 0) {
    const hint = others === '' ? '' : `; other windows: ${others}`;
    throw new Failure(status.data, `no rows of the sensor, window and time asked for${hint}`);
  }
  for (const sensor of asked)
    if (!found.some((each) => each.sensor === sensor))
      io.fail(new Failure(status.data, `no rows of sensor ${quote(sensor)}`));
  if (others !== '')
    io.warn(`only rows of window ${quote(window ?? '')} are drawn; others with -w: ${others}`);
}

interface Size {
  readonly width: number | undefined;
  readonly height: number | undefined;
}

function textStyle(chart: Chart, { ascii, width, height }: Size & { ascii: boolean }, io: Io): TerminalStyle {
  const terminal = terminalOf(io);
  return {
    width: width ?? terminal.columns ?? COLUMNS,
    height: height ?? (chart.panels.length > MANY ? FEWER_LINES : LINES),
    ascii: ascii || !terminal.unicode,
    colour: terminal.colour,
  };
}
