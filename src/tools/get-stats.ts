/**
 * get-stats: minimum, maximum and average of readings, per sensor and window, exact to the last digit.
 *
 * stdin   reading lines, other CSV, NDJSON       stdout  stats rows
 * A row depends on its readings alone: not on their order, the wall clock, or how the input is split into chunks.
 * Memory: one summary per sensor and open window, whatever the size of the input; for quantiles also one entry per
 * distinct value, of 8 or 16 bytes, and up to as much again.
 */

import { collect } from '../async/collect.ts';
import { columnOptions, columnsBy } from '../cli/column-options.ts';
import { csvFormBy, csvOptions } from '../cli/csv-options.ts';
import { encodingOption } from '../cli/encoding-option.ts';
import { checkInflux, influxRowOptions, lineFormatOption } from '../cli/influx-options.ts';
import { metricsOption } from '../cli/metrics-option.ts';
import { inGroup } from '../cli/option.ts';
import { rowOptions } from '../cli/row-options.ts';
import { kernelLayout, statsText, writeTo } from '../cli/stats-output.ts';
import { timeOptions, timesBy } from '../cli/time-options.ts';
import { defineTool, type Io, inputFiles, rejectOptions } from '../cli/tool.ts';
import { labelUnitOption } from '../cli/unit-options.ts';
import { fileValue, numberValue } from '../cli/value-kinds.ts';
import { valueOptions, valuesBy } from '../cli/value-options.ts';
import { windowOptions, windowsBy } from '../cli/window-options.ts';
import { countSource, SIZES } from '../counting/count.ts';
import { Counter, FEW } from '../counting/counter.ts';
import type { RowLayout } from '../counting/kernel/row-pieces.ts';
import type { WrittenRows } from '../counting/kernel-rows.ts';
import type { Plan } from '../counting/plan.ts';
import { Failure, status } from '../failure.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { textFiles } from '../files/command-files.ts';
import { UselessLines } from '../lines/delimiter-hint.ts';
import { nodeOs } from '../load.ts';
import { FutureCheck } from '../readings/ahead.ts';
import { parseRange } from '../readings/range.ts';
import { MAX_COLUMNS, tooManyColumns } from '../readings/stats-row.ts';
import { rowColumns, rowMaker } from '../readings/summary-row.ts';
import type { WindowSummary } from '../stats/aggregate.ts';
import { MAX_DECIMALS } from '../stats/decimal.ts';
import { isUsual, type Statistic, statistic, statisticNames, wanted } from '../stats/statistics.ts';

const MAX_THREADS = 1024;

export default defineTool({
  name: 'get-stats',
  summary: 'Summarise readings: minimum, maximum, average and more, per sensor and window.',
  operands: '[FILE...]',
  options: {
    ...inGroup('Input', {
      ...columnOptions,
      ...timeOptions,
      range: {
        type: 'text',
        value: 'MIN..MAX',
        parse: parseRange,
        describe: 'reject values outside MIN..MAX',
      },
      ...valueOptions,
    }),
    ...lineFormatOption,
    ...csvOptions,
    ...encodingOption,
    ...windowOptions,
    ...inGroup('Output', {
      stats: {
        type: 'text',
        value: 'STATS',
        repeats: true,
        offers: statisticNames.filter((name) => !isUsual({ name })),
        parse: parseStatistics,
        describe: 'more columns: sum,stddev,var,last,last_time,range,p99.9',
      },
      decimals: {
        ...numberValue(0, MAX_DECIMALS),
        describe: 'decimals of avg, stddev, var (default: two more than the input)',
      },
      ...labelUnitOption,
      output: {
        alias: 'o',
        ...fileValue,
        describe: 'replace this FILE in one step instead of writing to stdout',
      },
    }),
    ...rowOptions,
    ...influxRowOptions,
    ...metricsOption,
    ...rejectOptions,
    ...inGroup('General', {
      threads: {
        ...numberValue(1, MAX_THREADS),
        manualOnly: true,
        describe: 'worker threads per file (default: number of cores)',
      },
    }),
  },
  examples: [
    ['get-temp | buffer-tail temperature.log | $0', 'the last hour'],
    ['$0 -w 1h -w 1d --tz Europe/Berlin *.log', 'clock hours and days'],
    ["$0 -d ';' --sensor 1 --value 2 other.csv", 'any other CSV'],
  ],
  notes: 'Averages are rounded once, half away from zero; quantiles (pNN) are by nearest rank.',
  files: ({ output: file, prometheus }, operands) => ({
    inputs: inputFiles(operands),
    outputs: textFiles(file, prometheus),
  }),
  async *run(options, io, files) {
    const { live, expect, decimals, range, encoding } = options;
    const { windows, slideMs, latenessMs } = windowsBy(options);
    if (live && options.output !== undefined) usage('--live does not go with --output');
    const statistics = [...new Map(options.stats.flat().map((each) => [each.name, each])).values()];
    const { zone, timeFormat } = timesBy(options);
    const plan: Plan = {
      windows,
      slideMs,
      zone,
      wanted: wanted(statistics),
      latenessMs,
      lines: { ...csvFormBy(options), range, names: columnsBy(options), timeFormat, ...valuesBy(options) },
      influx: options.format === 'influx' ? options.precision : undefined,
    };
    if (plan.influx !== undefined) checkInflux(options);
    const shape = { statistics, expect, decimals, units: options['label-unit'].flat() };
    const columns = rowColumns(shape);
    if (columns.length > MAX_COLUMNS) usage(tooManyColumns(columns.length));
    // The watermark depends on the order of lines.
    const threads = live ? 1 : (options.threads ?? nodeOs().availableParallelism());
    const future = live ? new FutureCheck({ ...io, ahead: options.ahead }) : undefined;
    const layout = kernelLayout(shape, options);
    const form = { encoding, mayEndInReturns: !live, skipLines: options['skip-lines'] };
    const sources = io.sources(files, form);
    const rows = rowsOf(summarise(sources, plan, { threads, future, layout }, io), rowMaker(shape), io);
    const text = statsText(rows, columns, options);
    // A batch in which a line is rejected prints nothing.
    if (options.output === undefined) yield* io.isBatch ? await collect(text) : text;
    else await writeTo(options.output, text);
  },
});

function parseStatistics(text: string): Statistic[] {
  const statistics = text.split(',').map((name) => statistic(name.trim()));
  const usual = statistics.find(isUsual);
  if (usual !== undefined) throw new Error(`${usual.name} is in every row`);
  return statistics;
}

function usage(message: string): never {
  throw new Failure(status.usage, message);
}

interface Summarising {
  readonly threads: number;
  readonly future: FutureCheck | undefined;
  /** The layout of rows that the kernel may write as text directly; undefined if it may not. */
  readonly layout: RowLayout | undefined;
}

/** The windows as they close: with --live once a later reading shows that they are over, otherwise at the end. */
async function* summarise(
  sources: AsyncIterable<ByteSource>,
  plan: Plan,
  { threads, future, layout }: Summarising,
  io: Io,
): AsyncGenerator<WindowSummary[] | WrittenRows> {
  const useless = plan.influx === undefined ? new UselessLines(plan.lines.delimiter, io.warn) : undefined;
  const report = useless?.watch(io) ?? io;
  const counter = new Counter(plan, report, { kernelAfter: FEW, future });
  const { signal, progress, explain, listsRejects: lists } = io;
  const { accept, reject } = report;
  const options = { accept, reject, plan, threads, sizes: SIZES, lists, signal, progress, explain };
  for await (const source of sources) yield* countSource(counter, source, options);
  useless?.end();
  yield* counter.accumulator.closeAll(layout);
}

async function* rowsOf(
  batches: AsyncIterable<WindowSummary[] | WrittenRows>,
  toRow: (window: WindowSummary) => string[],
  io: Io,
): AsyncGenerator<string[][] | Buffer> {
  io.count({ out: 0 });
  for await (const batch of batches) {
    yield Array.isArray(batch) ? batch.map(toRow) : batch.text;
    io.count({ out: Array.isArray(batch) ? batch.length : batch.count });
  }
}
