/**
 * get-stats: minimum, maximum and average of readings, per sensor and window, exact to the last digit.
 *
 * stdin   reading lines, other CSV, NDJSON       stdout  stats rows
 * A row depends on its readings alone: not on their order, the wall clock, or how the input came in pieces.
 * Memory: one summary per sensor and open window, whatever the size of the input; for quantiles also one count per
 * distinct value.
 */

import { type Column, formatRows, rowFormat, rowOptions } from '../cli/rows.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { replaceFile } from '../files/replace.ts';
import { parseDuration } from '../readings/duration.ts';
import type { Line } from '../readings/line.ts';
import { parseRange } from '../readings/range.ts';
import type { Reading } from '../readings/reading.ts';
import { type InterpretOptions, ReadingInterpreter } from '../readings/reading-interpreter.ts';
import { RecordReader } from '../readings/record-reader.ts';
import { rowColumns, rowMaker } from '../readings/summary-row.ts';
import { Aggregate, type Resolution } from '../stats/aggregate.ts';
import { isUsual, type Statistic, statistic, wanted } from '../stats/statistics.ts';
import { type OffsetAt, timeZone } from '../stats/time-zone.ts';
import { windowsOf } from '../stats/windows.ts';

/** How long `-o FILE` waits for another writer of it. */
const LOCK = { waitMs: 10_000 };
const TEXT_COLUMNS = 4;
const MOST_DECIMALS = 1000;
/** Rows that are formatted together. */
const BLOCK = 1000;

export default defineTool({
  name: 'get-stats',
  summary: 'Summarise readings: minimum, maximum, average and more, per sensor and window.',
  operands: '[FILE...]',
  options: {
    window: {
      alias: 'w',
      type: 'text',
      repeats: true,
      parse: parseWindow,
      default: 'all',
      describe: 'length of a window, such as 15m or 1h, or all; repeatable',
    },
    slide: {
      type: 'text',
      parse: parseDuration,
      describe: 'a window begins every so often, so that windows overlap',
    },
    tz: { type: 'text', parse: timeZone, describe: 'align windows to the wall clock of a zone, not to UTC' },
    live: { type: 'flag', describe: 'print a window as soon as a reading shows that it has passed' },
    lateness: {
      type: 'text',
      parse: parseDuration,
      describe: 'with --live: how long to wait for late readings',
    },
    expect: {
      type: 'text',
      parse: parseDuration,
      describe: 'a reading is due this often: adds expected,missing',
    },
    stats: {
      type: 'text',
      repeats: true,
      parse: parseStatistics,
      describe: 'more columns: sum,stddev,var,first,last,range,p50,p99.9',
    },
    decimals: {
      type: 'text',
      parse: wholeNumber(0, MOST_DECIMALS),
      describe: 'of avg, stddev and var (two more than the input has)',
    },
    time: { type: 'text', describe: 'column of the time, by header name or number from 1' },
    sensor: { type: 'text', describe: 'column of the sensor' },
    value: { type: 'text', describe: 'column of the value' },
    delimiter: {
      alias: 'd',
      type: 'text',
      parse: parseDelimiter,
      default: ',',
      describe: 'between the columns',
    },
    range: { type: 'text', parse: parseRange, describe: 'reject values outside MIN..MAX' },
    output: {
      alias: 'o',
      type: 'text',
      describe: 'replace this FILE in one step instead of writing to stdout',
    },
    ...rowOptions,
    ...rejectOptions,
  },
  examples: [
    ['get-temp | buffer-tail temperature.log | $0', 'the last hour'],
    ['$0 -w 1h -w 1d --tz Europe/Berlin *.log', 'clock hours and days'],
    ["$0 -d ';' --sensor 1 --value 2 measurements.txt", 'any other CSV'],
  ],
  notes:
    'Averages are rounded half away from zero, once; quantiles (pNN) are by nearest rank, so always a reading.',
  async *run(options, io, files) {
    const { tz: zone, slide, live, lateness, expect, decimals } = options;
    if (live && options.window.every(({ lengthMs }) => lengthMs === undefined))
      usage('--live needs a length: -w 1h');
    if (live && options.output !== undefined) usage('--live does not go with --output');
    if (!live && lateness !== undefined) usage('--lateness needs --live');
    const resolutions = onceEach(options.window, ({ label }) => label).map((window) =>
      resolution(window, slide, zone),
    );
    const extra = onceEach(options.stats.flat(), ({ name }) => name);
    const aggregate = new Aggregate(
      resolutions,
      wanted(extra),
      live ? (lateness ?? 0) : Number.POSITIVE_INFINITY,
    );
    const { delimiter, range, time, sensor, value } = options;
    const reader = { delimiter, range, names: { time, sensor, value } };
    const shape = { statistics: extra, expect, decimals };
    const rows = mapBatches(summarise(io.lines(files), { aggregate, reader, live, io }), rowMaker(shape));
    const text = formatRows(rows, rowColumns(shape).map(column), rowFormat(options));
    if (options.output === undefined) yield* text;
    else await writeTo(options.output, text);
  },
});

/** Asked for twice is asked for once: the first one counts. */
function onceEach<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return items.filter((item, at) => items.findIndex((other) => nameOf(other) === nameOf(item)) === at);
}

interface RequestedWindow {
  readonly label: string;
  /** Undefined for all readings in one. */
  readonly lengthMs: number | undefined;
}

function parseWindow(text: string): RequestedWindow {
  return { label: text, lengthMs: text === 'all' ? undefined : parseDuration(text) };
}

function parseStatistics(text: string): Statistic[] {
  const statistics = text.split(',').map((name) => statistic(name.trim()));
  const usual = statistics.find(isUsual);
  if (usual !== undefined) throw new Error(`${usual.name} is in every row`);
  return statistics;
}

function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    throw new Error(`not one character: ${JSON.stringify(text)}`);
  return delimiter;
}

function usage(message: string): never {
  throw new Failure(status.usage, message);
}

function resolution(
  { label, lengthMs }: RequestedWindow,
  slide: number | undefined,
  zone: OffsetAt | undefined,
): Resolution {
  if (lengthMs === undefined) return { label, panes: undefined, slidingLength: undefined };
  if (slide === undefined) return { label, panes: windowsOf(lengthMs, zone), slidingLength: undefined };
  if (lengthMs % slide !== 0) usage(`--slide: windows of ${label} do not consist of whole steps`);
  return { label, panes: windowsOf(slide, zone), slidingLength: lengthMs };
}

interface Work {
  readonly aggregate: Aggregate;
  readonly reader: InterpretOptions;
  readonly live: boolean;
  readonly io: Io;
}

/** The windows as they close: with `live` after each batch of lines, otherwise all at the end. */
async function* summarise(batches: AsyncIterable<Line[]>, { aggregate, reader: options, live, io }: Work) {
  const reader = new RecordReader(
    new ReadingInterpreter(options),
    (reading, line) => count(aggregate, reading, line, io),
    io.reject,
  );
  for await (const lines of batches) {
    for (const line of lines) reader.take(line);
    if (live) yield aggregate.closePassed();
  }
  reader.end();
  const rest = aggregate.closeAll();
  for (let at = 0; at < rest.length; at += BLOCK) yield rest.slice(at, at + BLOCK);
}

function count(aggregate: Aggregate, { sensor, time, value }: Reading, line: Line, io: Io): void {
  const outcome = aggregate.add(sensor, time, value);
  if (outcome === 'counted') io.accept(1);
  else if (outcome === 'late')
    io.reject(line, { kind: 'late', detail: `reading is late: its window was closed: ${line.text}` });
  else io.reject(line, { kind: 'without a time', detail: 'reading has no time, so no window' });
}

/** The first columns of a row are text, the others numbers. */
function column(name: string, at: number): Column {
  return { name, type: at < TEXT_COLUMNS ? 'text' : 'number' };
}

async function* mapBatches<From, To>(
  batches: AsyncIterable<From[]>,
  map: (from: From) => To,
): AsyncGenerator<To[]> {
  for await (const batch of batches) yield batch.map(map);
}

/** Without any row the file stays as it is. */
async function writeTo(file: string, text: AsyncIterable<string>): Promise<void> {
  let content = '';
  for await (const piece of text) content += piece;
  if (content !== '') await replaceFile(file, content, LOCK);
}
