/**
 * get-temp: a reading from a temperature sensor, one at every interval, or a series from the past.
 *
 * stdin   nothing       stdout  reading lines in °C, each for a value just read       stderr  one line per reading missed
 * Without a reading there is no line: a value that is old, out of range or not a number is never printed, nor is an
 * earlier value printed again. Memory: the same for a series of any length.
 */

import { parseAddress } from '../addresses/parse.ts';
import { showAddress } from '../addresses/show.ts';
import { inGroup } from '../cli/option.ts';
import { defineTool, type Io, rejectOptions } from '../cli/tool.ts';
import { durationValue, numberValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { badName } from '../lines/text.ts';
import { parseRange } from '../readings/range.ts';
import { formatReading, formatReadingJson, parseReadingMoment, type Reading } from '../readings/reading.ts';
import { measuredAt, measuredDuring, type Period } from '../sensors/history.ts';
import { atIntervals } from '../sensors/interval.ts';
import { openSensor } from '../sensors/open.ts';
import type { Measurement } from '../sensors/sensor.ts';
import {
  type ConfiguredSensor,
  isInRange,
  outOfRange,
  rangeText,
  type TakeOptions,
  takeReading,
  toReading,
} from '../sensors/take-reading.ts';
import { checkTimes, type TimeOptions } from '../sensors/time-options.ts';

const DEFAULT_SENSOR = 'sim:';

type Format = (reading: Reading) => string;

export default defineTool({
  name: 'get-temp',
  summary: 'Take a reading from a temperature sensor, and print it as TIME,SENSOR,VALUE in °C.',
  operands: '[SENSOR]',
  operandWords: [
    ...['sim:', 'file:', 'exec:', 'http://', 'https://', 'mqtt://', 'mqtts://'],
    ...['hwmon:', 'thermal:', 'w1:', 'replay:'],
  ],
  options: {
    name: {
      type: 'text',
      value: 'NAME',
      parse: parseName,
      describe: 'sensor name in the reading line (that of SENSOR)',
    },
    unit: { type: 'text', choices: ['C', 'F', 'K'], default: 'C', describe: 'the unit that SENSOR gives' },
    range: {
      type: 'text',
      value: 'MIN..MAX',
      parse: parseRange,
      describe: 'a value outside MIN..MAX, in °C, is not a reading',
    },
    'max-age': {
      ...durationValue,
      describe: 'a value older than this, by its file or cache, is not a reading',
    },
    timeout: { ...durationValue, default: '10s', describe: 'time limit for one reading, retries included' },
    retries: { ...numberValue(0), default: '0', describe: 'tries after the first one' },
    json: { type: 'flag', describe: 'readings as JSON, one per line' },
    ...inGroup('Times', {
      every: { ...durationValue, describe: 'keep taking readings at this interval, such as 1m' },
      count: { ...numberValue(1), describe: 'end after this many readings (1; with --every: never)' },
      at: {
        type: 'text',
        value: 'TIME',
        parse: parseReadingMoment,
        describe: 'reading at this time, such as yesterday (UTC)',
      },
      from: {
        type: 'text',
        value: 'TIME',
        parse: parseReadingMoment,
        describe: 'readings since this time, by --every (1m)',
      },
      to: { type: 'text', value: 'TIME', parse: parseReadingMoment, describe: 'and before this time (now)' },
      last: { ...durationValue, describe: 'readings of this duration until now' },
    }),
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
    '  mqtt[s]://[USER@]HOST/TOPIC[#/JSON/POINTER]         one in a message; $ETL_MQTT_PASSWORD\n' +
    '  hwmon:[CHIP[/INPUT]]   thermal:[N|TYPE]   w1:[ID]   below /sys, or $ETL_SYSFS\n' +
    '  replay:FILE                                         recorded reading lines\n' +
    '--at, --from and --last are for sim: and replay:. Without a reading nothing is printed and the\n' +
    'status is 69, or 75 when a later try may succeed.',
  files: (_, [operand], env) => {
    const { scheme, rest } = parseAddress(addressOf(operand, env));
    return { inputs: scheme === 'replay' || scheme === 'file' ? [rest] : [], outputs: [] };
  },
  async *run(options, io, [operand]) {
    const address = addressOf(operand, io.env);
    const configured: ConfiguredSensor = {
      sensor: await openSensor(address, io),
      shown: showAddress(address),
      name: options.name,
      unit: options.unit,
      range: options.range,
    };
    const format = options.json ? formatReadingJson : formatReading;
    const work = { configured, format, io };
    const times = timesOf(options, io.now());
    checkTimes(times, configured);
    if (times.at !== undefined) yield* past(measuredAt(times.at, configured.sensor), work);
    else if (times.from !== undefined || times.last !== undefined)
      yield* past(measuredDuring(periodOf(times, io.now()), configured.sensor), work);
    else {
      const { timeout: timeoutMs, retries, 'max-age': maxAgeMs } = options;
      const { signal, now } = io;
      try {
        yield* live(times, { timeoutMs, retries, maxAgeMs, signal, now }, work);
      } finally {
        await configured.sensor.close?.();
      }
    }
  },
});

function addressOf(operand: string | undefined, env: Io['env']): string {
  return operand ?? (env.GET_TEMP_SENSOR || DEFAULT_SENSOR);
}

function parseName(text: string): string {
  // A byte that is not UTF-8 comes as U+FFFD, as would another one.
  if (text === '' || /[\p{Cc}\ufffd]/u.test(text)) throw new Error(`not a name: ${quote(text)}`);
  const problem = badName('name', text);
  if (problem !== undefined) throw new Error(problem.detail);
  return text;
}

interface GivenTimes extends Omit<TimeOptions, 'at' | 'from' | 'to'> {
  readonly at: ((now: number) => number) | undefined;
  readonly from: ((now: number) => number) | undefined;
  readonly to: ((now: number) => number) | undefined;
}

function timesOf({ at, from, to, every, count, last }: GivenTimes, now: number): TimeOptions {
  return { at: at?.(now), from: from?.(now), to: to?.(now), every, count, last };
}

function periodOf({ from, to, last, every }: TimeOptions, now: number): Period {
  return { from: from ?? now - (last ?? 0), to: to ?? now, stepMs: every };
}

interface Work {
  readonly configured: ConfiguredSensor;
  readonly format: Format;
  readonly io: Io;
}

/** Readings as lines, as they are taken. A reading that fails is one line on stderr; the next is taken all the same. */
async function* live(
  { every, count }: TimeOptions,
  options: TakeOptions,
  { configured, format, io }: Work,
): AsyncGenerator<string> {
  const readings = count ?? (every === undefined ? 1 : Number.POSITIVE_INFINITY);
  for await (const index of atIntervals(every, readings, io)) {
    try {
      const reading = await takeReading(configured, options);
      if (reading === undefined) {
        if (index === 0) io.fail(new Failure(status.unavailable, `${configured.shown}: nothing recorded`));
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

/** Past measurements as lines, without those out of range. @throws Failure (unavailable) when there are none */
async function* past(
  batches: AsyncIterable<Measurement[]>,
  { configured, format, io }: Work,
): AsyncGenerator<string> {
  let printed = 0;
  let missed = 0;
  for await (const batch of batches) {
    const lines: string[] = [];
    for (const measurement of batch) {
      const reading = toReading(measurement, configured, io.now());
      if (isInRange(reading, configured)) lines.push(`${format(reading)}\n`);
      else if (measurement.line === undefined) missed += 1;
      else io.reject(measurement.line, { kind: 'out of range', detail: outOfRange(reading, configured) });
    }
    printed += lines.length;
    io.accept(lines.length);
    yield lines.join('');
  }
  if (missed > 0) {
    io.count({ in: missed, rejected: missed });
    const share = `${missed} of ${printed + missed} readings`;
    throw new Failure(
      status.temporary,
      `${configured.shown}: ${share} out of range ${rangeText(configured)}`,
    );
  }
  if (printed === 0) throw new Failure(status.unavailable, `${configured.shown}: no reading of that time`);
}
