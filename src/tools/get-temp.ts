/**
 * get-temp: a reading from a temperature sensor, or one every so often, or a series from the past.
 *
 * stdin   nothing       stdout  reading lines in °C, each for a value just read       stderr  one line per reading missed
 * No reading is no line: a value that is old, out of range or not a number is never printed, nor an earlier one again.
 * Memory: the same for a series of any length.
 */

import { showAddress } from '../addresses/show.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { parseDuration } from '../readings/duration.ts';
import { parseRange } from '../readings/range.ts';
import { formatReading, formatReadingJson, type Reading } from '../readings/reading.ts';
import { parseTimeOption } from '../readings/time.ts';
import { measuredAt, measuredDuring, type Period } from '../sensors/history.ts';
import { ticks } from '../sensors/interval.ts';
import { openSensor } from '../sensors/open.ts';
import { type Patience, patiently } from '../sensors/patience.ts';
import type { Measurement } from '../sensors/sensor.ts';
import { isUsable, measure, outOfRange, rangeText, type Source, toReading } from '../sensors/take-reading.ts';

const DEFAULT_SENSOR = 'sim:';

type Format = (reading: Reading) => string;

/** When to measure, as it was asked for; the times are epoch milliseconds. */
interface Asked {
  readonly every: number | undefined;
  readonly count: number | undefined;
  readonly at: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly last: number | undefined;
}

export default defineTool({
  name: 'get-temp',
  summary: 'Take a reading from a temperature sensor, and print it as TIME,SENSOR,VALUE in °C.',
  operands: '[SENSOR]',
  options: {
    every: {
      type: 'text',
      parse: parseDuration,
      describe: 'keep taking readings at this interval, such as 1m',
    },
    count: {
      type: 'text',
      parse: wholeNumber(1),
      describe: 'end after this many readings (1; with --every never)',
    },
    at: { type: 'text', parse: parseTimeOption, describe: 'the reading of this time' },
    from: { type: 'text', parse: parseTimeOption, describe: 'the readings since this time, --every 1m' },
    to: { type: 'text', parse: parseTimeOption, describe: 'and before this time (now)' },
    last: { type: 'text', parse: parseDuration, describe: 'the readings of this length of time until now' },
    name: { type: 'text', parse: parseName, describe: 'the sensor in the reading line (by SENSOR)' },
    unit: { type: 'text', choices: ['C', 'F', 'K'], default: 'C', describe: 'what SENSOR gives' },
    range: { type: 'text', parse: parseRange, describe: 'what is outside MIN..MAX, in °C, is no reading' },
    'max-age': {
      type: 'text',
      parse: parseDuration,
      describe: 'what is older, by its file or its cache, is no reading',
    },
    timeout: {
      type: 'text',
      parse: parseDuration,
      default: '10s',
      describe: 'for one reading with its retries',
    },
    retries: { type: 'text', parse: wholeNumber(0), default: '0', describe: 'how often to try again' },
    json: { type: 'flag', describe: 'readings as JSON, one per line' },
    ...rejectOptions,
  },
  examples: [
    ['$0 w1: | buffer-tail temperature.log', 'from a DS18B20, keeping the last 60 readings'],
    ["$0 --unit F 'http://host/now#/main/temp'", 'the number at a JSON pointer'],
    ['$0 --last 1d sim:attic', 'back-fill a day'],
  ],
  notes:
    'SENSOR is $GET_TEMP_SENSOR or sim:, and may be\n' +
    '  sim:[NAME][?seed=TEXT&mean=15&swing=10&noise=0.5]   a simulation, by seed and time alone\n' +
    '  file:PATH              exec:COMMAND                 a number in a file, the first one printed\n' +
    '  http[s]://HOST/PATH[#/JSON/POINTER]                 a number in an answer\n' +
    '  hwmon:[CHIP[/INPUT]]   thermal:[N|TYPE]   w1:[ID]   below /sys, or $ETL_SYSFS\n' +
    '  replay:FILE                                         recorded reading lines\n' +
    '--at, --from and --last are for sim: and replay:. Without a reading nothing is printed and the\n' +
    'status is 69, or 75 when a later try may succeed.',
  async *run(options, io, [operand]) {
    const address = operand ?? (io.env.GET_TEMP_SENSOR || DEFAULT_SENSOR);
    const source: Source = {
      sensor: await openSensor(address, io),
      shown: showAddress(address),
      name: options.name,
      unit: options.unit,
      range: options.range,
    };
    const format = options.json ? formatReadingJson : formatReading;
    checkAsked(options, source);
    if (options.at !== undefined) yield* past(measuredAt(options.at, source.sensor), { source, format, io });
    else if (options.from !== undefined || options.last !== undefined)
      yield* past(measuredDuring(periodOf(options, io.now()), source.sensor), { source, format, io });
    else {
      const waiting = {
        timeoutMs: options.timeout,
        retries: options.retries,
        maxAgeMs: options['max-age'],
      };
      yield* live(options, waiting, { source, format, io });
    }
  },
});

function parseName(text: string): string {
  if (text === '' || /\p{Cc}/u.test(text)) throw new Error(`not a name: ${JSON.stringify(text)}`);
  return text;
}

/** @throws Failure (usage) for options that contradict each other or the sensor */
function checkAsked({ every, count, at, from, to, last }: Asked, { sensor, shown, unit }: Source): void {
  const isPast = at !== undefined || from !== undefined || last !== undefined;
  const rules: [broken: boolean, message: string][] = [
    [unit !== 'C' && sensor.unit === 'C', `${shown}: is in °C: not with --unit ${unit}`],
    [
      at !== undefined && (every ?? from ?? to ?? last) !== undefined,
      '--at is for one reading: not with --every, --from, --to, --last',
    ],
    [last !== undefined && (from ?? to) !== undefined, '--last ends now: not with --from, --to'],
    [to !== undefined && from === undefined, '--to needs --from'],
    [from !== undefined && to !== undefined && from > to, '--from is after --to'],
    [isPast && count !== undefined, '--count is for readings to come: not with --at, --from, --last'],
    [
      isPast && sensor.at === undefined && sensor.recorded === undefined,
      `${shown}: knows no other time than now: --at, --from, --last are for sim: and replay:`,
    ],
    [
      isPast && every !== undefined && sensor.recorded !== undefined,
      `${shown}: a recording has its own times: not with --every and --from, --last`,
    ],
  ];
  const problem = rules.find(([broken]) => broken);
  if (problem !== undefined) throw new Failure(status.usage, problem[1]);
}

function periodOf({ from, to, last, every }: Asked, now: number): Period {
  return { from: from ?? now - (last ?? 0), to: to ?? now, stepMs: every };
}

interface Work {
  readonly source: Source;
  readonly format: Format;
  readonly io: Io;
}

interface Waiting extends Patience {
  readonly maxAgeMs: number | undefined;
}

/** Readings as they are taken. One that fails is one line on stderr, and the next is taken all the same. */
async function* live(
  { every, count }: Asked,
  waiting: Waiting,
  { source, format, io }: Work,
): AsyncGenerator<string> {
  const most = count ?? (every === undefined ? 1 : Number.POSITIVE_INFINITY);
  for await (const tick of ticks(every, most, io)) {
    try {
      const reading = await patiently(source.shown, waiting, io.signal, (signal) =>
        measure(source, { signal, now: io.now, maxAgeMs: waiting.maxAgeMs }),
      );
      if (reading === undefined) {
        if (tick === 0) io.fail(new Failure(status.unavailable, `${source.shown}: nothing recorded`));
        return;
      }
      io.accept(1);
      yield `${format(reading)}\n`;
    } catch (error) {
      io.signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      io.fail(error);
    }
  }
}

/** A series of measurements as lines, less those out of range. @throws Failure (unavailable) when there were none */
async function* past(
  batches: AsyncIterable<Measurement[]>,
  { source, format, io }: Work,
): AsyncGenerator<string> {
  let printed = 0;
  let missed = 0;
  for await (const batch of batches) {
    const lines: string[] = [];
    for (const measurement of batch) {
      const reading = toReading(measurement, source, io.now());
      if (isUsable(reading, source)) lines.push(`${format(reading)}\n`);
      else if (measurement.line === undefined) missed += 1;
      else io.reject(measurement.line, { kind: 'out of range', detail: outOfRange(reading, source) });
    }
    printed += lines.length;
    io.accept(lines.length);
    yield lines.join('');
  }
  if (missed > 0) {
    const share = `${missed} of ${printed + missed} readings`;
    throw new Failure(status.temporary, `${source.shown}: ${share} out of range ${rangeText(source)}`);
  }
  if (printed === 0) throw new Failure(status.unavailable, `${source.shown}: no reading of that time`);
}
