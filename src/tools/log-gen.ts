/**
 * log-gen: web access logs that nobody caused.
 *
 * stdin   nothing       stdout  access-log lines, whole whatever happens       FILE of --truth  what they are, counted
 * The same seed and options make the same bytes on any machine, but for the times of lines that come as time goes by.
 * Memory: the pools of what lines consist of, and two blocks of lines.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import { later } from '../async/later.ts';
import { defineTool, type Io, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { beginReport } from '../files/report.ts';
import { parseTimeOption } from '../readings/time.ts';
import { inventor, type Line } from '../weblog/generate/generate-line.ts';
import { Truth } from '../weblog/generate/ground-truth.ts';
import { datedTimes, liveTimes, type Period } from '../weblog/generate/request-times.ts';
import { seededRandom } from '../weblog/generate/seeded-random.ts';
import { parseShare, parseStatuses } from '../weblog/generate/status-shares.ts';
import { fillPools } from '../weblog/generate/value-pools.ts';
import { FORMATS } from '../weblog/generate/write-line.ts';

/** When a log with a seed begins. */
const BEGINNING = Date.UTC(2019, 3, 30, 21, 11, 42);
const DEFAULT_RATE = 1;
/** Apart from those of `inventor`: times do not change the rest. */
const TIMES = 0;
const SEEDS = 2 ** 32;
const SECOND = 1000;

interface Asked {
  readonly lines: number | undefined;
  readonly rate: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly seed: number | undefined;
}

export default defineTool({
  name: 'log-gen',
  summary: 'Invent web access logs, reproducibly.',
  options: {
    lines: { alias: 'n', type: 'text', parse: wholeNumber(0), describe: 'end after this many lines' },
    rate: { type: 'text', parse: parseRate, describe: 'so many lines per second, as the time goes by' },
    from: { type: 'text', parse: parseDate, describe: 'date the lines back: the first is of this time' },
    to: { type: 'text', parse: parseDate, describe: 'and the last is before this time' },
    format: {
      type: 'text',
      choices: FORMATS,
      default: 'seed',
      describe: 'of the lines',
    },
    seed: { type: 'text', parse: wholeNumber(0), describe: 'the same number makes the same lines' },
    statuses: {
      type: 'text',
      parse: parseStatuses,
      default: '200=0.9,401=0.05,404=0.05',
      describe: 'how often which status comes',
    },
    sessions: { type: 'flag', describe: 'visitors make several requests, each from the page before' },
    bursts: { type: 'flag', describe: 'now and then nearly all requests fail for a while' },
    ipv6: { type: 'flag', describe: 'every other address is one of IPv6' },
    malformed: {
      type: 'text',
      parse: parseShare,
      default: '0',
      describe: 'the share of broken lines, such as 0.01',
    },
    truth: { type: 'text', parse: parseFile, describe: 'write to this FILE what is in the log, counted' },
  },
  examples: [
    ['$0 -n 100000 --seed 1 --truth truth.json > access.log', 'a log, and its exact counts'],
    ['$0 --rate 50 --format combined | parse-log', 'a stream'],
    ['$0 -n 1000000 --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z', 'a month'],
  ],
  notes:
    'Without -n and --from there is a line a second, without end. With them lines are dated back and\n' +
    'follow a daily curve, fewest at 4:00 UTC: -n lines share --from to --to; without one of these\n' +
    'there is one a second on the average. Without --from they begin at 2019-04-30T21:11:42Z if there\n' +
    'is a --seed, and else end now. A line as --format seed, common, combined and json:\n' +
    '  IP - - [30/Apr/2019:21:11:42] "PUT /tag HTTP/1.1" [401] 155 "referer" "agent"\n' +
    '  IP - - [30/Apr/2019:21:11:42 +0000] "PUT /tag HTTP/1.1" 401 155\n' +
    '  IP - - [30/Apr/2019:21:11:42 +0000] "PUT /tag HTTP/1.1" 401 155 "referer" "agent"\n' +
    '  {"remote_addr":"IP","ident":null,"user":null,"time":"2019-04-30T21:11:42Z",...}\n' +
    'FILE is JSON: the lines written whole, by status, method, hour, and by how they are malformed.\n' +
    'It is removed at the start and written at the end, after a signal and a full disk too.',
  async *run(options, io) {
    checkAsked(options);
    const report = options.truth === undefined ? undefined : await beginReport(options.truth);
    const seed = options.seed ?? Math.floor(Math.random() * SEEDS);
    io.explain(`seed ${seed}`);
    const invent = inventor({ ...options, seed }, await fillPools(seed, options.ipv6));
    const invented = linesAt(timesOf(options, seed, io), invent);
    const blocks = isDated(options) ? ahead(invented) : invented;
    if (report !== undefined) yield* counted(blocks, report, io);
    else for await (const block of blocks) yield bytesOf(block);
  },
});

/** @throws Error with a message for the user */
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
function checkAsked({ rate, from, to }: Asked): void {
  const rules: [broken: boolean, message: string][] = [
    [
      rate !== undefined && (from ?? to) !== undefined,
      '--rate is for the time as it goes by: not with --from, --to',
    ],
    [to !== undefined && from === undefined, '--to needs --from'],
    [from !== undefined && to !== undefined && from >= to, '--from is not before --to'],
  ];
  const problem = rules.find(([broken]) => broken);
  if (problem !== undefined) throw new Failure(status.usage, problem[1]);
}

/** Otherwise lines come as the time goes by. */
function isDated({ lines, rate, from }: Asked): boolean {
  return rate === undefined && (lines ?? from) !== undefined;
}

function timesOf(asked: Asked, seed: number, io: Io): AsyncIterable<number[]> | Iterable<number[]> {
  const { lines, rate } = asked;
  if (isDated(asked)) return datedTimes(periodOf(asked, io.now()), seededRandom(seed, TIMES));
  const clock = { elapsed: elapsedMs, now: io.now, signal: io.signal };
  return liveTimes(rate ?? DEFAULT_RATE, lines ?? Number.POSITIVE_INFINITY, clock);
}

function periodOf({ lines, from, to, seed }: Asked, now: number): Period {
  if (from !== undefined) return { from, to, lines };
  if (seed !== undefined) return { from: BEGINNING, to: undefined, lines };
  return { from: Math.max(0, now - (lines ?? 0) * SECOND), to: now, lines };
}

async function* linesAt(
  times: AsyncIterable<number[]> | Iterable<number[]>,
  invent: (time: number) => Line,
): AsyncGenerator<Line[]> {
  for await (const some of times) yield some.map(invent);
}

/** Invents the next block while the one before is written. */
async function* ahead(blocks: AsyncGenerator<Line[]>): AsyncGenerator<Line[]> {
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

function bytesOf(block: readonly Line[]): Buffer {
  return Buffer.from(block.map(({ text }) => text).join(''), 'latin1');
}

/** Says in the end, however it comes, what was written. */
async function* counted(
  blocks: AsyncIterable<Line[]>,
  report: (content: string) => Promise<void>,
  io: Io,
): AsyncGenerator<Buffer> {
  const truth = new Truth();
  let block: Line[] = [];
  try {
    for await (block of blocks) {
      yield bytesOf(block);
      truth.add(block, await io.written());
      block = [];
    }
  } finally {
    truth.add(block, await io.written());
    // Thrown from here it would be lost where the reader of the log has gone.
    await report(truth.format()).catch(io.fail);
  }
}
