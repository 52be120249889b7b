/**
 * Hands out the segments of a file to threads, each of which has a queue of its own over the same shared numbers.
 *
 * If groups have few lines each, only the main thread goes on, because merging the groups of the others would take longer
 * than counting.
 */

/** Indexes of the shared numbers: the first segment that no thread has taken, and one of `phase`. */
const NEXT = 0;
const PHASE = 1;

const phase = {
  /** Other threads wait for the main thread's first segment, which is counted before they have started. */
  first: 0,
  all: 1,
  mainOnly: 2,
};

/** With fewer groups it is too early to tell whether other threads help. */
const MANY_GROUPS = 50_000;
/**
 * A new group is worth its memory if it comes with this many lines. Handing it over and merging it takes as long as
 * counting about two: with three, two threads were 13 % faster than one, for 30 % more CPU time and 2.4 times the memory.
 */
const LINES_PER_GROUP = 4;

/** The numbers that the queues of all threads share. */
export function sharedNumbers(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

interface QueueOptions {
  readonly shared: Int32Array;
  /** The number of segments. */
  readonly count: number;
  /** The number of threads, including the main one. */
  readonly threads: number;
  readonly isMain: boolean;
}

/** The queue of one thread. */
export class SegmentQueue {
  readonly #options: QueueOptions;
  #groups = 0;
  #isDone = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** The next segment, which no other thread gets; undefined if there is none for this thread. May block another thread. */
  take(): number | undefined {
    const { shared, count, isMain } = this.#options;
    if (!isMain) Atomics.wait(shared, PHASE, phase.first);
    if (this.#isDone || (!isMain && Atomics.load(shared, PHASE) === phase.mainOnly)) return undefined;
    const segment = Atomics.add(shared, NEXT, 1);
    return segment < count ? segment : undefined;
  }

  /**
   * Reports a segment that this thread has counted.
   *
   * @param lines the lines of the segment
   * @param groups the groups of all segments of this thread so far
   */
  report(segment: number, lines: number, groups: number): void {
    const { shared, count, threads, isMain } = this.#options;
    const linesToCome = ((count - segment - 1) * lines) / threads;
    const newGroups = groups - this.#groups;
    this.#groups = groups;
    const stops = shouldStop({ groups, newGroups, newLines: lines, linesToCome });
    if (!isMain) this.#isDone = stops;
    else if (stops || Atomics.load(shared, PHASE) === phase.first)
      this.#begin(stops ? phase.mainOnly : phase.all);
  }

  /** Leaves nothing to the other threads. */
  close(): void {
    this.#begin(phase.mainOnly);
  }

  #begin(next: number): void {
    Atomics.store(this.#options.shared, PHASE, next);
    Atomics.notify(this.#options.shared, PHASE);
  }
}

/** What a thread has counted. */
interface Tally {
  readonly groups: number;
  /** The last segment: its lines, and the groups that they made. */
  readonly newLines: number;
  readonly newGroups: number;
  /** An estimate of the lines that it has still to count. */
  readonly linesToCome: number;
}

/**
 * Whether all threads but the main one should stop: merging the groups that one of them would make, most of which the
 * main thread has too, would take longer than counting its lines.
 *
 * With 200,000 sensors of 25 readings each, nearly every line makes a group at first and hardly any later; two threads then
 * take 28 % less time than one. So sensors are assumed to come at random: then the share of lines that make a group is the
 * share of all groups not seen yet.
 */
export function shouldStop({ groups, newLines, newGroups, linesToCome }: Tally): boolean {
  const unseen = newGroups / newLines;
  if (groups <= MANY_GROUPS || unseen * LINES_PER_GROUP <= 1) return false;
  // unseen = groupsToCome / (groups + groupsToCome), multiplied out, because `unseen` may be 1.
  return linesToCome * (1 - unseen) < groups * unseen * LINES_PER_GROUP;
}
