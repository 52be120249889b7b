/**
 * Prints the events of an inbox to stdout. No reader acknowledges them, so the bookmark follows with a delay: a restart
 * repeats events rather than losing them.
 */

import { elapsedMs } from '../async/clock.ts';
import { type Bookmark, type Used, usedOf } from './bookmark.ts';
import { type Inbox, linesOf } from './inbox.ts';
import { addRecent } from './recent-events.ts';
import type { StateFile } from './state.ts';

/** Maximum number of events per write. */
const BATCH = 1000;
/** Events printed within this time form one step of the bookmark, which lags by at most `MAX_STEPS` steps. */
const STEP_MS = 1000;
const MAX_STEPS = 10;

interface Settings {
  readonly inbox: Inbox;
  readonly bookmark: Bookmark;
  /** Undefined when nothing is recorded. */
  readonly state: StateFile | undefined;
  /** How long after printing an event counts as used, in milliseconds. */
  readonly overlapMs: number;
  accept(count: number): void;
  /** Waits until all lines are written. */
  flush(): Promise<void>;
  /** Syncs rejected lines to disk. */
  keepRejects(): void;
}

/** Events printed at about the same time. */
interface Step {
  count: number;
  readonly fingerprints: string[];
  lastId: string;
  /** When the first and the last were printed, in elapsed milliseconds. */
  readonly begunAt: number;
  endedAt: number;
}

/** The lines, until the inbox ends. @throws the error of the inbox */
export async function* printEvents(settings: Settings): AsyncGenerator<Buffer> {
  const { inbox, accept } = settings;
  const trail = settings.state === undefined ? undefined : new Trail(settings);
  try {
    for (;;) {
      const taken = await inbox.take({ count: BATCH, lingerMs: 0, quietMs: STEP_MS });
      if (taken === undefined) return;
      if (taken.events.length > 0) yield Buffer.concat(linesOf(taken.events));
      accept(taken.events.length);
      trail?.add(usedOf(taken));
      await trail?.follow(STEP_MS);
    }
  } finally {
    await trail?.follow(0);
  }
}

/** Printed events that the bookmark has not passed yet. */
class Trail {
  #steps: Step[] = [];
  #lastId: string | undefined;
  #followedAt = elapsedMs();
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  add(used: Used): void {
    if (used.count === 0 && used.lastId === this.#lastId) return;
    this.#lastId = used.lastId;
    const now = elapsedMs();
    const stepMs = Math.max(STEP_MS, this.#settings.overlapMs / MAX_STEPS);
    let step = this.#steps.at(-1);
    if (step === undefined || now - step.begunAt > stepMs) {
      step = newStep(now);
      this.#steps.push(step);
    }
    extend(step, used);
    step.endedAt = now;
  }

  /** Moves the bookmark past all events printed long enough ago, unless it has moved within this time. */
  async follow(atMostEveryMs: number): Promise<void> {
    const now = elapsedMs();
    const { overlapMs, bookmark, flush, keepRejects } = this.#settings;
    const passed = this.#steps.filter(({ endedAt }) => endedAt <= now - overlapMs);
    if (passed.length === 0 || now - this.#followedAt < atMostEveryMs) return;
    this.#steps = this.#steps.slice(passed.length);
    this.#followedAt = now;
    await flush();
    keepRejects();
    const all = newStep(now);
    for (const step of passed) extend(all, step);
    await bookmark.advance(all);
  }
}

function newStep(now: number): Step {
  return { count: 0, fingerprints: [], lastId: '', begunAt: now, endedAt: now };
}

function extend(step: Step, { count, fingerprints, lastId }: Used): void {
  step.count += count;
  addRecent(step.fingerprints, fingerprints);
  step.lastId = lastId;
}
