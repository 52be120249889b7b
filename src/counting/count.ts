/** Counts a whole source: what arrives as it arrives, a regular file as fast as it can be read. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure, readFailure } from '../failure.ts';
import { type OpenFile, pipeReads, type Source } from '../files/source.ts';
import type { Line, Rejection } from '../lines/line.ts';
import type { WindowSummary } from '../stats/aggregate.ts';
import type { Counter } from './counter.ts';
import type { Plan } from './plan.ts';
import { readInto } from './segment.ts';
import type { Helper } from './thread-pool.ts';

export interface CountOptions {
  readonly plan: Plan;
  /** At most so many, for a file; 1 keeps lines in their order. */
  readonly threads: number;
  readonly sizes: Sizes;
  /** Whether every rejected line is to be reported, and not only the first of each kind. */
  readonly lists: boolean;
  readonly signal: AbortSignal;
  /** So many bytes were read. */
  progress(bytes: number): void;
  accept(count: number): void;
  reject(line: Line, rejection: Rejection, times?: number): void;
  /** Says for --verbose how a source was read. */
  explain(message: string): void;
}

/** In bytes. */
export interface Sizes {
  /** With less to read, a thread takes longer to start than to count. */
  readonly worth: number;
  readonly segment: number;
}

export const SIZES: Sizes = { worth: 32 << 20, segment: 4 << 20 };

/** So much of a file is read at a time, and at most, until it is known what its lines look like, in bytes. */
const FIRST_LINES = 1 << 10;
const BEGINNING = 1 << 16;

/** So often signals are heard while a file is read, in bytes. */
const TURN = 4 << 20;

/** Counts a source, and yields the windows that close meanwhile. @throws Failure (no input, I/O, data) */
export async function* countSource(
  counter: Counter,
  source: Source,
  options: CountOptions,
): AsyncGenerator<WindowSummary[]> {
  const plainBefore = counter.plainLines;
  counter.begin(source.name);
  let threads = 1;
  let plain = 0;
  if (source.file === undefined) yield* countArriving(counter, source, options);
  else {
    const helpers = await startHelpers(source.file, options);
    try {
      let { start } = source.file;
      if (helpers.length > 0) {
        start = countBeginning(counter, source.file, options);
        const team = await countMiddle(counter, source, helpers, start, options);
        if (team !== undefined) ({ end: start, threads, plain } = team);
      }
      yield* countFile(counter, source.file, start, options);
    } catch (error) {
      options.signal.throwIfAborted();
      throw error instanceof Failure ? error : readFailure(source.name, error);
    } finally {
      // They end while rows are written.
      for (const helper of helpers) helper.dismiss();
    }
  }
  counter.end();
  if (counter.hasPassed) yield counter.takePassed();
  explain(counter, plain + counter.plainLines - plainBefore, threads, options);
}

/** What comes through a pipe is read straight to where it is counted. */
async function* countArriving(counter: Counter, source: Source, options: CountOptions) {
  if (source.pipe === undefined) {
    for await (const chunk of source.chunks()) {
      counter.take(chunk);
      if (counter.hasPassed) yield counter.takePassed();
    }
    return;
  }
  for await (const _ of pipeReads(source.pipe, source.name, counter, options)) yield counter.takePassed();
}

/** Other threads, where they are worth it. */
async function startHelpers({ start, end }: OpenFile, { threads, sizes }: CountOptions): Promise<Helper[]> {
  if (threads < 2 || end - start < sizes.worth) return [];
  const { Helper } = await import('./thread-pool.ts');
  const most = Math.ceil((end - start) / sizes.segment);
  return Array.from({ length: Math.min(threads, most) - 1 }, () => new Helper());
}

/** The first lines, which tell what lines look like: where the others begin. */
function countBeginning(
  counter: Counter,
  { descriptor, start }: OpenFile,
  { progress }: CountOptions,
): number {
  let at = start;
  while (counter.state === undefined && at < start + BEGINNING) {
    const read = readInto(counter, descriptor, at, at + FIRST_LINES);
    if (read === 0) break;
    progress(read);
    at += read;
  }
  return at;
}

/** The rest by a team, if there is one: where it has ended. The counter goes on after it. */
async function countMiddle(
  counter: Counter,
  source: Source,
  helpers: readonly Helper[],
  start: number,
  options: CountOptions,
) {
  const { plan, sizes, lists, signal, progress } = options;
  const { state } = counter;
  if (source.file === undefined || state === undefined) return undefined;
  const { descriptor, end } = source.file;
  const segments = {
    source: source.name,
    descriptor,
    start: start - counter.pending,
    end,
    length: sizes.segment,
    state,
  };
  const { countWithTeam } = await import('./thread-pool.ts');
  const result = await countWithTeam(counter, helpers, { plan, segments, lists, signal, progress });
  if (result === undefined) {
    options.explain(`${source.name}: its lines must be read in their order, so by one thread`);
    return undefined;
  }
  for (const { line, rejection, times } of result.rejected) {
    const number = counter.exact.lines + line.number;
    options.reject({ ...line, number }, rejection, times);
  }
  options.accept(result.accepted);
  counter.goOn(result.lines, result.whole);
  return { end: end - result.rest, threads: helpers.length + 1, plain: result.plainLines };
}

/** What is left, and what was appended to the file meanwhile. */
async function* countFile(
  counter: Counter,
  file: OpenFile,
  start: number,
  { signal, progress }: CountOptions,
) {
  let turn = start + TURN;
  for (let at = start; ; ) {
    const read = readInto(counter, file.descriptor, at, Number.POSITIVE_INFINITY);
    if (read === 0) return;
    at += read;
    progress(read);
    if (counter.hasPassed) yield counter.takePassed();
    if (at < turn) continue;
    turn = at + TURN;
    await nextTurn();
    signal.throwIfAborted();
  }
}

function explain(counter: Counter, plain: number, threads: number, options: CountOptions): void {
  const lines = `${counter.exact.lines} ${counter.exact.lines === 1 ? 'line' : 'lines'}`;
  const by = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  options.explain(`${counter.exact.source}: ${lines} read by ${by}, ${plain} of them by the fast kernel`);
}
