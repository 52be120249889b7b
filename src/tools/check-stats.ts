/**
 * check-stats: checks whether the newest stats rows are within limits, for cron and for monitoring.
 *
 * stdin   stats rows, CSV with a header or NDJSON      stdout  a line for each breach
 * Memory: the last rows of each sensor and window, as many as --for needs.
 */

import { isAddress } from '../addresses/parse.ts';
import { LastRowsOf, type Wanted } from '../check/last-rows.ts';
import { type Finding, findings, type LastRows, type Limits } from '../check/limits.ts';
import { readExceeded, writeExceeded } from '../check/state.ts';
import { aheadOption } from '../cli/ahead-option.ts';
import { encodingOption } from '../cli/encoding-option.ts';
import { limitOptions, limitRules } from '../cli/limit-options.ts';
import { defineTool, type Io, inputFiles, rejectOptions } from '../cli/tool.ts';
import { durationValue, fileValue, numberValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { textFiles } from '../files/command-files.ts';
import { parseGlob } from '../lines/glob.ts';
import { quote } from '../lines/line.ts';
import { parseRange, type Range } from '../readings/range.ts';
import { type LimitRule, limitsBySensor, parseLimit } from '../readings/sensor-limits.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';
import { parseStoreAddress } from '../stores/open.ts';
import { type PresentSettings, type ReadSettings, readRows } from '../stores/read-rows.ts';

export default defineTool({
  name: 'check-stats',
  summary: 'Check that the newest stats rows are within limits, and recent enough.',
  operands: '[FILE|STORE...]',
  options: {
    ...limitOptions,
    'max-age': { ...durationValue, describe: 'a breach: the last reading is older' },
    missing: {
      type: 'text',
      value: 'PERCENT',
      parse: parsePercent,
      describe: 'a breach: more readings are missing from the last rows, such as 10%',
    },
    sensor: {
      type: 'text',
      value: 'PATTERN',
      repeats: true,
      describe: 'only sensors that match this (* and ?); repeatable',
    },
    window: {
      alias: 'w',
      type: 'text',
      value: 'LENGTH',
      parse: windowName,
      describe: 'rows of this window (per sensor, the one with the newest reading)',
    },
    for: {
      ...numberValue(1, 100_000),
      default: '1',
      describe: 'how many consecutive rows must be beyond --max or --min',
    },
    clear: {
      type: 'text',
      value: 'NUMBER|MIN..MAX',
      parse: parseClear,
      describe: 'a breach lasts until the newest row is within this NUMBER, or MIN..MAX; needs --state',
    },
    state: { ...fileValue, describe: 'the FILE that remembers breaches for --clear' },
    critical: { type: 'flag', describe: 'exit 2 for a breach instead of 1' },
    ...aheadOption,
    ...encodingOption,
    ...rejectOptions,
  },
  examples: [
    ['$0 --max 30 --min 5 --max-age 5m stats.db', 'for cron, which mails what is printed'],
    [
      '$0 --max 30 --for 3 --clear 28 --state hot.state stats.db',
      'no alarm for a moment, none over and over',
    ],
  ],
  notes:
    'Silent when all is well. Exits 0; 1 if a limit is exceeded (2 with --critical); 3 if that cannot be told, for ' +
    'example without rows. Nagios and systemd understand this. Ages count from the last reading if rows have it ' +
    '(get-stats --stats last_time), else from the end of the last window that is over. --missing needs rows of ' +
    'get-stats --expect. A STORE is a SQLite file or postgres://...',
  files: ({ state }, operands) => ({
    inputs: inputFiles(operands).filter((operand) => !isAddress(operand)),
    outputs: [...textFiles(state)],
  }),
  async *run(options, io, operands) {
    const limitsOf = limitsFrom(options);
    for (const operand of operands) if (isAddress(operand)) parseStoreAddress(operand);
    const result = await check(inputFiles(operands), options, { io, limitsOf }).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.status === status.usage) throw error;
      throw new Failure(status.unknown, error.message, { cause: error });
    });
    for (const message of [...result.exceeded, ...result.unknown]) yield `${message}\n`;
    io.count({ out: result.exceeded.length });
    if (result.exceeded.length > 0) io.conclude(options.critical ? status.critical : status.breach);
    else if (result.unknown.length > 0) io.conclude(status.unknown);
  },
});

interface CheckOptions {
  readonly sensor: readonly string[];
  readonly window: string | undefined;
  readonly for: number;
  readonly state: string | undefined;
  readonly ahead: ReadSettings['ahead'];
  readonly encoding: ReadSettings['encoding'];
}

/** @throws Failure (usage) */
function limitsFrom({
  max,
  min,
  'max-age': maxAgeMs,
  ...options
}: Pick<CheckOptions, 'for' | 'state'> & {
  readonly max: readonly LimitRule[][];
  readonly min: readonly LimitRule[][];
  readonly 'max-age': number | undefined;
  readonly missing: number | undefined;
  readonly clear: ((limits: Range) => Range) | undefined;
}): (sensor: string) => Limits {
  const { missing, clear, state } = options;
  if (max.length + min.length === 0 && maxAgeMs === undefined && missing === undefined)
    usage('expected a limit: --max, --min, --max-age or --missing');
  if ((clear === undefined) !== (state === undefined)) usage('--clear and --state need each other');
  const rangeOf = limitsBySensor(limitRules({ max, min }));
  return (sensor) => {
    const range = rangeOf(sensor);
    return { ...range, maxAgeMs, missing, inARow: options.for, clear: clear?.(range) };
  };
}

/** The problems found, in words. */
interface Result {
  readonly exceeded: readonly string[];
  /** Checks that could not be decided. */
  readonly unknown: readonly string[];
}

/** @throws Failure if the rows, or the state, cannot be read or written */
async function check(
  operands: readonly string[],
  { sensor, window, state, for: most, ahead, encoding }: CheckOptions,
  { io, limitsOf }: { io: Io; limitsOf: (sensor: string) => Limits },
): Promise<Result> {
  const patterns = sensor.map((text) => ({ text, matches: parseGlob(text) }));
  const isWanted = (name: string) => patterns.length === 0 || patterns.some(({ matches }) => matches(name));
  const wanted: Wanted = { isWanted, window, most };
  const rows = new LastRowsOf(wanted);
  const taker = {
    done: 'checked',
    add: (row: StatsRow) => rows.add(row),
    addStored: async (address: string, settings: PresentSettings) => {
      const { addLastRows } = await import('../check/from-store.ts');
      return addLastRows(address, settings, { rows, wanted });
    },
  };
  await readRows(operands, taker, { io, ahead, encoding });
  const before = state === undefined ? undefined : readExceeded(state);
  const was = before?.was ?? (() => false);
  const last = [...rows.all()];
  const found = last.flatMap((each) => findings(each, limitsOf(each.sensor), io.now(), was));
  if (state !== undefined && before !== undefined) await writeExceeded(state, found, before, isWanted);
  const unknown = found.filter(({ isKnown }) => !isKnown).map(wordsOf);
  return {
    exceeded: found.filter(({ isKnown }) => isKnown).map(wordsOf),
    unknown: [...missingSensors(patterns, last), ...unknown],
  };
}

function wordsOf({ sensor, message }: Finding): string {
  return `${sensor === '' ? 'no sensor' : quote(sensor)}: ${message}`;
}

/** Messages about sensors without any row, whose state is unknown. */
function missingSensors(
  patterns: readonly { readonly text: string; matches(name: string): boolean }[],
  last: readonly LastRows[],
): string[] {
  if (patterns.length === 0) return last.length === 0 ? ['no stats rows'] : [];
  const missing = patterns.filter(({ matches }) => !last.some(({ sensor }) => matches(sensor)));
  return missing.map(({ text }) => `no rows of sensor ${quote(text)}`);
}

function parsePercent(text: string): number {
  const percent = /^\d{1,3}(?:\.\d{1,6})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new Error(`not a percentage: ${quote(text)} (write 10%)`);
}

/** A single number replaces each limit that is set. */
function parseClear(text: string): (limits: Range) => Range {
  if (text.includes('..')) {
    const range = parseRange(text);
    return () => range;
  }
  const number = parseLimit(text);
  return ({ max, min }) => ({ max: max && number, min: min && number });
}

function usage(message: string): never {
  throw new Failure(status.usage, message);
}
