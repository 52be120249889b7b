/**
 * Delivers the events of an inbox to a command, batch by batch and in order. A returned batch is held here, and later
 * events wait for it: the bookmark never passes an unused event.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandEnd, endText } from '../commands/command.ts';
import type { Deliverer, Delivery } from '../commands/deliver.ts';
import { Failure, status } from '../failure.ts';
import type { Line, Rejection } from '../lines/line.ts';
import { nodeCrypto } from '../load.ts';
import { type Bookmark, usedOf } from './bookmark.ts';
import { type Inbox, linesOf, type WaitingEvent } from './inbox.ts';
import type { StateFile } from './state.ts';

/** When all events are filtered out for this long, the bookmark moves without a run of the command. */
const QUIET_MS = 30_000;
/** Numbers in batch names are padded to this many digits. */
const DIGITS = 20;

interface Settings {
  readonly inbox: Inbox;
  readonly deliverer: Deliverer;
  readonly bookmark: Bookmark;
  readonly state: StateFile | undefined;
  /** The stream, for messages. */
  readonly shown: string;
  /** Maximum number of events in a batch. */
  readonly count: number;
  readonly lingerMs: number;
  /** Keeps an event that the command refuses; undefined when there is nowhere to keep it. */
  readonly reject: ((line: Line, rejection: Rejection) => void) | undefined;
  /** Syncs rejected lines to disk. */
  keepRejects(): void;
  accept(count: number): void;
  /** Stops after the current run of the command. */
  readonly signal: AbortSignal;
}

/** A batch, or part of one. */
interface Batch {
  readonly events: readonly WaitingEvent[];
  /** The last event id after it. */
  readonly lastId: string;
  readonly tries: number;
  readonly delays: number;
  /** Delay before the next run. */
  readonly delayMs: number;
}

/**
 * Runs until the inbox or the signal ends.
 *
 * @throws like `Deliverer.deliver`; the error of the inbox; Failure (data) for an event that the command refuses and
 * that cannot be kept
 */
export async function deliverEvents(settings: Settings): Promise<void> {
  const { inbox, deliverer, signal, state, count, lingerMs } = settings;
  let held: Batch[] = [];
  const nextHeld = (batches: Batch[]) => {
    held = [...batches, ...held];
  };
  while (!signal.aborted) {
    const [batch, ...others] = held;
    held = others;
    if (batch === undefined) {
      const taken = await inbox.take({ count, lingerMs, quietMs: QUIET_MS });
      if (taken === undefined) return;
      if (taken.events.length > 0) nextHeld([{ ...taken, tries: 0, delays: 0, delayMs: 0 }]);
      else {
        settings.keepRejects();
        await settings.bookmark.advance(usedOf(taken));
      }
      continue;
    }
    if (batch.delayMs > 0) await sleep(batch.delayMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const lease = await state?.lease();
    try {
      await deliverer.deliver({
        ...deliveryOf(batch, settings, nextHeld),
        ...(lease !== undefined && { lease: lease.descriptor }),
      });
    } finally {
      lease?.close();
    }
  }
}

function deliveryOf(batch: Batch, settings: Settings, hold: (batches: Batch[]) => void): Delivery {
  const { bookmark, shown, accept, keepRejects, reject } = settings;
  const { events, lastId, tries, delays } = batch;
  const first = bookmark.events + 1;
  return {
    shown: `${shown}: ${rangeText(first, events.length)}`,
    ...{ count: events.length, tries, delays },
    input: linesOf(events),
    env: {
      ETL_BATCH: batchName(bookmark.events, events[0]),
      ETL_COUNT: String(events.length),
      ETL_TRY: String(tries + 1),
    },
    acknowledge: async () => {
      keepRejects();
      await bookmark.advance(usedOf(batch));
      accept(events.length);
    },
    giveBack: async (again) => hold([{ ...batch, ...again }]),
    halve: async (counted) => {
      const half = Math.ceil(events.length / 2);
      const [left, right] = [events.slice(0, half), events.slice(half)];
      const part = { tries: counted, delays: 0, delayMs: 0 };
      const middle = left.at(-1)?.lastId ?? lastId;
      hold([
        { ...part, events: left, lastId: middle },
        { ...part, events: right, lastId },
      ]);
    },
    bury: async (end) => {
      const [event] = events;
      if (event === undefined) return;
      if (reject === undefined) throw refused(`${shown}: ${rangeText(first, 1)}`, end);
      const text = lineOf(event);
      reject({ text, source: shown, number: first, torn: false }, refusal(end));
      keepRejects();
      await bookmark.advance(usedOf(batch));
    },
  };
}

function rangeText(first: number, count: number): string {
  return count === 1 ? `event ${first}` : `events ${first} to ${first + count - 1}`;
}

/** The line of an event, without its newline. */
function lineOf({ bytes, start, end }: WaitingEvent): string {
  return bytes.toString('utf8', start, end - 1);
}

/**
 * A batch name that depends neither on the clock nor on the batch boundaries: the number of the first event in the
 * state, and its hash, so that names stay unique after the state file is removed.
 */
function batchName(before: number, first: WaitingEvent | undefined): string {
  const hash = nodeCrypto().createHash('sha256');
  if (first !== undefined) hash.update(`${first.lastId}\n${lineOf(first)}`);
  return `events-${String(before).padStart(DIGITS, '0')}-${hash.digest('hex').slice(0, 16)}`;
}

function refusal(end: CommandEnd): Rejection {
  return { kind: 'refused by the command', detail: `the command refused it: ${endText(end)}` };
}

function refused(shown: string, end: CommandEnd): Failure {
  const why = `the command refused it: ${endText(end)}`;
  return new Failure(status.data, `${shown}: ${why}: it cannot be skipped without --rejects FILE`);
}
