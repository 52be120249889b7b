/**
 * log-gen: generate web access logs.
 *
 * stdin   nothing       stdout  access-log lines, always whole       FILE of --truth  counts of those lines
 * The same seed and options give the same bytes on any machine, except for the times of live lines.
 * Memory: the pools of values, and two blocks of lines.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import { later } from '../async/later.ts';
import { defineTool, type Io } from '../cli/tool.ts';
import { fileValue, numberValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { textFiles } from '../files/command-files.ts';
import { beginReport } from '../files/report.ts';
import { parseTimeOption } from '../readings/time.ts';
import { type LogLine, lineGenerator } from '../weblog/generate/generate-line.ts';
import { GroundTruth } from '../weblog/generate/ground-truth.ts';
import { backdatedTimes, liveTimes, type Period } from '../weblog/generate/request-times.ts';
import { seededRandom } from '../weblog/generate/seeded-random.ts';
import { parseShare, parseStatusShares } from '../weblog/generate/status-shares.ts';
import { fillValuePools } from '../weblog/generate/value-pools.ts';
import { LINE_FORMATS } from '../weblog/generate/write-line.ts';

/** The time at which a log with a seed begins. */
const BEGINNING = Date.UTC(2019, 3, 30, 21, 11, 42);
const DEFAULT_RATE = 1;
/** The random stream of times; those of `lineGenerator` begin at 1, so that times do not affect anything else. */
const TIMES_STREAM = 0;
const SEEDS = 2 ** 32;
const SECOND = 1000;

/** The options that choose times and the number of lines. */
interface TimeOptions {
  readonly lines: number | undefined;
  readonly rate: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly seed: number | undefined;
}

export default defineTool({
  name: 'log-gen',
  summary: 'Generate fake web access logs, reproducibly.',
  options: {
    lines: { alias: 'n', ...numberValue(0), describe: 'end after this many lines' },
    rate: {
      type: 'text',
      value: 'N',
      parse: parseRate,
      describe: 'lines per second, in real time (default: 1)',
    },
    from: {
      type: 'text',
      value: 'TIME',
      parse: parseDate,
      describe: 'first timestamp of a back-dated log',
    },
    to: { type: 'text', value: 'TIME', parse: parseDate, describe: 'all lines are before this timestamp' },
    format: { type: 'text', choices: LINE_FORMATS, default: 'seed', describe: 'format of the lines' },
    seed: { ...numberValue(0), describe: 'the same seed gives the same lines' },
    statuses: {
      type: 'text',
      value: 'SHARES',
      parse: parseStatusShares,
      default: '200=0.9,401=0.05,404=0.05',
      describe: 'statuses and their shares',
    },
    sessions: { type: 'flag', describe: 'visitors make several requests, each from the page before' },
    bursts: { type: 'flag', describe: 'add bursts in which nearly all requests fail' },
    ipv6: { type: 'flag', describe: 'make every other address an IPv6 address' },
    malformed: {
      type: 'text',
      value: 'SHARE',
      parse: parseShare,
      default: '0',
      describe: 'share of malformed lines, such as 0.01',
    },
    truth: { ...fileValue, parse: parseFile, describe: 'write exact counts of the lines to this FILE' },
  },
  examples: [
    ['$0 -n 100000 --seed 1 --truth truth.json > access.log', 'a log and its exact counts'],
    ['$0 --rate 50 --format combined | parse-log', 'a live stream'],
    ['$0 -n 1000000 --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z', 'a month'],
  ],
  notes:
    'Without -n and --from it prints lines in real time, without end. With either of them the log is\n' +
    'back-dated and follows a daily curve, quietest at 4:00 UTC: -n lines fill --from to --to; if any\n' +
    'of the three is missing, there is one line per second on average. Without --from a log with a\n' +
    '--seed begins at 2019-04-30T21:11:42Z, any other ends now. Formats seed, combined, json:\n' +
    '  IP - - [30/Apr/2019:21:11:42] "PUT /tag HTTP/1.1" [401] 155 "referer" "agent"\n' +
    '  IP - - [30/Apr/2019:21:11:42 +0000] "PUT /tag HTTP/1.1" 401 155 "referer" "agent"\n' +
    '  {"remote_addr":"IP","ident":null,"user":null,"time":"2019-04-30T21:11:42Z",...}\n' +
    "common lacks the last two fields; main (nginx's packages) adds one, and vhost a server in front.\n" +
    'FILE is JSON: counts of good lines by status, method and hour, and of malformed ones by kind.\n' +
    'It is removed at the start and written at the end, even after a signal or a full disk.',
  files: ({ truth }) => ({ inputs: [], outputs: textFiles(truth) }),
  async *run(options, io) {
    checkTimes(options);
    const report = options.truth === undefined ? undefined : await beginReport(options.truth);
    const seed = options.seed ?? Math.floor(Math.random() * SEEDS);
    io.explain(`seed ${seed}`);
    const generate = lineGenerator({ ...options, seed }, await fillValuePools(seed, options.ipv6));
    const lines = linesAt(timesOf(options, seed, io), generate);
    const blocks = isDated(options) ? ahead(lines) : lines;
    if (report !== undefined) yield* counted(blocks, report, io);
    else for await (const block of blocks) yield bytesOf(block);
  },
});

/** Lines per second, above 0. @throws Error with a message for the user */
function parseRate(text: string): number {
  const rate = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (rate > 0) return rate;
  throw new Error(`not a number of lines per second: ${JSON.stringify(text)}`);
}

function parseDate(text: string): number {
  const time = parseTimeOption(text);
  if (time < 0) throw new Error(`before 1970: ${JSON.stringify(text)}`);
  return time;
}

function parseFile(text: string): string {
  if (text === '' || text === '-') throw new Error(`not a file: ${JSON.stringify(text)}`);
  return text;
}

/** @throws Failure (usage) for options that contradict each other */
function checkTimes({ rate, from, to }: TimeOptions): void {
  const rules: [broken: boolean, message: string][] = [
    [
      rate !== undefined && (from ?? to) !== undefined,
      '--rate is for real time, so it does not go with --from and --to',
    ],
    [to !== undefined && from === undefined, '--to needs --from'],
    [from !== undefined && to !== undefined && from >= to, '--from is not before --to'],
  ];
  const problem = rules.find(([broken]) => broken);
  if (problem !== undefined) throw new Failure(status.usage, problem[1]);
}

/** Whether lines are backdated; otherwise they appear in real time. */
function isDated({ lines, rate, from }: TimeOptions): boolean {
  return rate === undefined && (lines ?? from) !== undefined;
}

function timesOf(options: TimeOptions, seed: number, io: Io): AsyncIterable<number[]> | Iterable<number[]> {
  const { lines, rate } = options;
  if (isDated(options)) return backdatedTimes(periodOf(options, io.now()), seededRandom(seed, TIMES_STREAM));
  const clock = { elapsed: elapsedMs, now: io.now, signal: io.signal };
  return liveTimes(rate ?? DEFAULT_RATE, lines ?? Number.POSITIVE_INFINITY, clock);
}

function periodOf({ lines, from, to, seed }: TimeOptions, now: number): Period {
  if (from !== undefined) return { from, to, lines };
  if (seed !== undefined) return { from: BEGINNING, to: undefined, lines };
  return { from: Math.max(0, now - (lines ?? 0) * SECOND), to: now, lines };
}

async function* linesAt(
  times: AsyncIterable<number[]> | Iterable<number[]>,
  generate: (time: number) => LogLine,
): AsyncGenerator<LogLine[]> {
  for await (const block of times) yield block.map(generate);
}

/** Generates the next block while the previous one is written. */
async function* ahead(blocks: AsyncGenerator<LogLine[]>): AsyncGenerator<LogLine[]> {
  const begin = () => later(nextTurn().then(() => blocks.next()));
  try {
    for (let result = await blocks.next(); !result.done; ) {
      const next = begin();
      yield result.value;
      result = await next;
    }
  } finally {
    await blocks.return(undefined);
  }
}

function bytesOf(block: readonly LogLine[]): Buffer {
  return Buffer.from(block.map(({ text }) => text).join(''), 'latin1');
}

/** The bytes of the blocks; reports what was written when the output ends, for whatever reason. */
async function* counted(
  blocks: AsyncIterable<LogLine[]>,
  report: (content: string) => Promise<void>,
  io: Io,
): AsyncGenerator<Buffer> {
  const truth = new GroundTruth();
  let block: LogLine[] = [];
  try {
    for await (block of blocks) {
      yield bytesOf(block);
      truth.add(block, await io.written());
      block = [];
    }
  } finally {
    truth.add(block, await io.written());
    // An error thrown here would be lost if the reader of the log is gone.
    await report(truth.format()).catch(io.fail);
  }
}
