/**
 * get-temp: a reading from each of several temperature sensors, once or at an interval, or a series of past readings.
 *
 * stdin   nothing       stdout  reading lines in °C, each for a value just read       stderr  one line per reading missed
 * Without a reading there is no line: a value that is old, out of range or not a number is never printed, nor is an
 * earlier value repeated. Memory: constant for a series of any length.
 */

import { parseAddress } from '../addresses/parse.ts';
import { Failures } from '../cli/failures.ts';
import { influxOptions } from '../cli/influx-options.ts';
import { metricsOption } from '../cli/metrics-option.ts';
import { inGroup } from '../cli/option.ts';
import { type ReadingsOutput, readingsOutput } from '../cli/readings-output.ts';
import { defineTool, type Io, rejectOptions } from '../cli/tool.ts';
import { durationValue, numberValue } from '../cli/value-kinds.ts';
import { Failure } from '../failure.ts';
import { textFiles } from '../files/command-files.ts';
import { parseRange } from '../readings/range.ts';
import { parseReadingMoment } from '../readings/reading.ts';
import { configureSensors } from '../sensors/configure.ts';
import { parseNamedValues } from '../sensors/named-values.ts';
import { pastReadings } from '../sensors/past-readings.ts';
import { expandRequests, isRequest, parseRequest, parseSensorName, requestAll } from '../sensors/requests.ts';
import { isReading, takeRounds } from '../sensors/rounds.ts';
import type { ConfiguredSensor, TakeOptions } from '../sensors/take-reading.ts';
import { checkTimes, type TimeOptions } from '../sensors/time-options.ts';

const DEFAULT_SENSOR = 'sim:';

export default defineTool({
  name: 'get-temp',
  summary: 'Take a reading from each sensor and print it as TIME,SENSOR,VALUE, with temperatures in °C.',
  operands: '[SENSOR...]',
  operandWords: [
    ...['sim:', 'file:', 'exec:', 'http://', 'https://', 'mqtt://', 'mqtts://'],
    ...['hwmon:', 'thermal:', 'w1:', 'replay:'],
  ],
  options: {
    all: { type: 'flag', describe: 'all sensors of hwmon:, thermal: and w1:, not just the first' },
    list: {
      type: 'flag',
      excludes: [
        ...(['name', 'values', 'unit', 'range', 'max-age', 'timeout', 'retries'] as const),
        ...(['influx', 'precision', 'prometheus'] as const),
        ...(['every', 'count', 'at', 'from', 'to', 'last'] as const),
      ],
      describe: 'print the addresses of all these, and what they are',
    },
    name: {
      type: 'text',
      value: 'NAME',
      parse: parseSensorName,
      describe: 'sensor name in the reading line (default: that of SENSOR)',
    },
    values: {
      type: 'text',
      value: 'LIST',
      parse: parseNamedValues,
      describe: 'several members of a JSON object: temp=F,humidity gives NAME/temp, ...',
    },
    unit: {
      type: 'text',
      choices: ['C', 'F', 'K'],
      default: 'C',
      describe: 'unit of the value, if SENSOR gives none',
    },
    range: {
      type: 'text',
      value: 'MIN..MAX',
      parse: parseRange,
      describe: 'a value outside MIN..MAX, in °C, is not a reading',
    },
    'max-age': {
      ...durationValue,
      manualOnly: true,
      describe: 'a value older than this, by its file or cache, is not a reading',
    },
    timeout: { ...durationValue, default: '10s', describe: 'time limit for one reading, retries included' },
    retries: { ...numberValue(0), default: '0', describe: 'tries after the first one' },
    json: { type: 'flag', describe: 'readings as JSON, one per line' },
    ...influxOptions,
    ...metricsOption,
    ...inGroup('Times', {
      every: { ...durationValue, describe: 'keep taking readings at this interval, such as 1m' },
      count: { ...numberValue(1), describe: 'end after this many rounds (default: 1; with --every: no end)' },
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
        describe: 'readings from this time on, one per --every (default: 1m)',
      },
      to: {
        type: 'text',
        value: 'TIME',
        parse: parseReadingMoment,
        describe: 'up to, but not at, this time (default: now)',
      },
      last: { ...durationValue, describe: 'readings of this duration up to now' },
    }),
    rejects: { ...rejectOptions.rejects, manualOnly: true },
    'max-rejects': { ...rejectOptions['max-rejects'], manualOnly: true },
    strict: { ...rejectOptions.strict, manualOnly: true },
  },
  examples: [
    ['$0 w1: | buffer-tail temperature.log', 'from a DS18B20, keeping the last 60 readings'],
    ["$0 --unit F 'http://host/now#/main/temp'", 'the number at a JSON pointer'],
    ["$0 attic=w1:28-0316a2795c10 'hwmon:*'", 'several at once, one of them named'],
    ['$0 --last 1d sim:attic', 'back-fill a day'],
  ],
  notes:
    'SENSOR is $GET_TEMP_SENSOR or sim: by default (with --all, all there are). NAME= may precede it:\n' +
    '  sim:[NAME][?seed=TEXT&mean=15&swing=10&noise=0.5]   a simulation, by seed and time alone\n' +
    '  file:PATH              exec:COMMAND                 a number in a file, the first one printed\n' +
    '  http[s]://HOST/PATH[#/JSON/POINTER]                 a number in an answer\n' +
    '  mqtt[s]://[USER@]HOST/TOPIC[#/JSON/POINTER]         one in a message; $ETL_MQTT_PASSWORD\n' +
    '  hwmon:[CHIP[/INPUT]]   thermal:[N|TYPE]   w1:[ID]   below /sys, or $ETL_SYSFS; * stands for any\n' +
    '  replay:FILE                                         recorded reading lines\n' +
    '--at, --from, --last are for sim: and replay:. Without a reading the status is 69, or 75: try later.',
  files: ({ prometheus }, operands, env) => {
    const addresses = operandsOf(operands, env).map((operand) => parseAddress(parseRequest(operand).address));
    const files = addresses.filter(({ scheme }) => scheme === 'replay' || scheme === 'file');
    return { inputs: files.map(({ rest }) => rest), outputs: textFiles(prometheus) };
  },
  async *run(options, io, operands) {
    if (options.list) {
      const { listSensors } = await import('../sensors/list.ts');
      yield* listSensors(operands, options.json, io);
      return;
    }
    const asked = operandsOf(operands, io.env).map(parseRequest);
    const isAny = options.all && operands.length === 0;
    const requests = await (isAny ? requestAll(io) : expandRequests(asked, options.all, io));
    const configured = await configureSensors(requests.filter(isRequest), options, io);
    const times = timesOf(options, io.now());
    for (const sensor of configured) checkTimes(times, sensor);
    const failures = new Failures(io);
    for (const request of requests) if (!isRequest(request)) failures.tell(request);
    const output = await readingsOutput(options, (failure) => failures.tell(failure));
    const work = { configured, output, io, failures };
    if ((times.at ?? times.from ?? times.last) !== undefined) yield* past(times, work);
    else {
      const { timeout: timeoutMs, retries, 'max-age': maxAgeMs } = options;
      const { signal, now } = io;
      yield* live(times, { timeoutMs, retries, maxAgeMs, signal, now }, work);
    }
  },
});

/** The operands, or the default sensor. */
function operandsOf(operands: readonly string[], env: Io['env']): readonly string[] {
  return operands.length > 0 ? operands : [env.GET_TEMP_SENSOR || DEFAULT_SENSOR];
}

interface GivenTimes extends Omit<TimeOptions, 'at' | 'from' | 'to'> {
  readonly at: ((now: number) => number) | undefined;
  readonly from: ((now: number) => number) | undefined;
  readonly to: ((now: number) => number) | undefined;
}

function timesOf({ at, from, to, every, count, last }: GivenTimes, now: number): TimeOptions {
  return { at: at?.(now), from: from?.(now), to: to?.(now), every, count, last };
}

interface Work {
  readonly configured: readonly ConfiguredSensor[];
  readonly output: ReadingsOutput;
  readonly io: Io;
  readonly failures: Failures;
}

/** Takes readings, and yields them as lines. A failed reading is one line on stderr, and does not stop later ones. */
async function* live(
  { every, count }: TimeOptions,
  options: TakeOptions,
  { configured, output, io, failures }: Work,
): AsyncGenerator<string> {
  const rounds = count ?? (every === undefined ? 1 : Number.POSITIVE_INFINITY);
  try {
    for await (const outcomes of takeRounds(configured, { everyMs: every, rounds }, options)) {
      const readings = outcomes.filter(isReading);
      for (const outcome of outcomes) if (!isReading(outcome)) failures.tell(outcome);
      io.accept(readings.length);
      yield output.text(readings);
      await output.tell();
    }
  } finally {
    await Promise.all(configured.map(({ sensor }) => sensor.close?.()));
  }
}

/** Yields past readings as lines, one sensor after the other. */
async function* past(times: TimeOptions, { configured, output, io, failures }: Work): AsyncGenerator<string> {
  for (const sensor of configured) {
    try {
      for await (const readings of pastReadings(sensor, times, io)) {
        io.accept(readings.length);
        yield output.text(readings);
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.tell(error);
    }
  }
  await output.tell();
}
