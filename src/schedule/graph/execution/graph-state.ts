/**
 * The states of the tasks of one run, and how they move, as Airflow's do: no clock and no I/O.
 *
 * A task is `none` until its trigger rule lets it run, when it becomes `scheduled`, or ends it as `skipped` or
 * `upstream_failed`. What happens to it in between (queued, running, up_for_retry) moves no other task. All work of a run
 * together is in proportion to the needs of all tasks.
 */

import type { TaskState } from '../../../ledger/records.ts';
import type { Task } from '../graph.ts';
import { judge, type Upstream } from './trigger-rules.ts';

/** What of a task its state depends on. */
export type Node = Pick<Task, 'name' | 'needs' | 'triggerRule'>;

/** How a task ended that was run, or was left. */
export type EndState = Extract<TaskState, 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'removed'>;

/** How many items of a task have ended how: trigger rules count them one by one. */
export type ItemCounts = Readonly<Record<'success' | 'failed' | 'skipped', number>>;

/** Of a task that is being done: how many of all its items have ended so far. */
export type ItemProgress = ItemCounts & { readonly total: number };

/** The result of a task, and of its items if it is split into some. */
export interface Ended {
  readonly state: EndState;
  readonly items?: ItemCounts | undefined;
}

/** What a trigger rule has decided. */
export interface Move {
  readonly task: string;
  readonly state: 'scheduled' | 'skipped' | 'upstream_failed';
}

interface Entry {
  readonly node: Node;
  state: 'none' | 'scheduled' | EndState;
  upstream: Upstream;
  /** What it is counted for by those that follow it. */
  share: Upstream;
  readonly followers: Entry[];
}

export class GraphState {
  readonly #entries = new Map<string, Entry>();
  #open = 0;

  /** @param nodes what they need is among them, or is not needed for this run @param ended those that keep their results */
  constructor(nodes: Iterable<Node>, ended: ReadonlyMap<string, Ended> = new Map()) {
    for (const node of nodes) this.#entries.set(node.name, newEntry(node));
    for (const entry of this.#entries.values()) {
      const needs = entry.node.needs.flatMap((name) => this.#entries.get(name) ?? []);
      for (const need of needs) need.followers.push(entry);
      entry.upstream = { ...NONE, total: needs.length };
    }
    this.#open = this.#entries.size;
    for (const [name, result] of ended) {
      const entry = this.#entries.get(name);
      if (entry !== undefined) this.#close(entry, result);
    }
  }

  /** Whether all tasks have come to their end. */
  get isDone(): boolean {
    return this.#open === 0;
  }

  /** What is decided before any task has run. */
  begin(): Move[] {
    return this.#settle(this.#entries.values());
  }

  /** What follows from the end of a task, in the order in which it does. */
  end(name: string, result: Ended): Move[] {
    const entry = this.#entries.get(name);
    if (entry === undefined || isEnd(entry.state)) return [];
    this.#close(entry, result);
    return this.#settle(entry.followers);
  }

  /** What follows from the end of an item, while others of its task are being done: Airflow counts them as they end, too. */
  count(name: string, progress: ItemProgress): Move[] {
    const entry = this.#entries.get(name);
    if (entry === undefined || isEnd(entry.state)) return [];
    share(entry, { ...progress, upstreamFailed: 0 });
    return this.#settle(entry.followers);
  }

  /** Ends all that is not begun yet. @returns their names */
  abandon(state: EndState): string[] {
    const left = [...this.#entries.values()].filter((entry) => entry.state === 'none');
    for (const entry of left) this.#close(entry, { state });
    return left.map(({ node }) => node.name);
  }

  /** All are judged by the states from before any of them is changed, and again until none changes. */
  #settle(entries: Iterable<Entry>): Move[] {
    const moves: Move[] = [];
    let wave: Iterable<Entry> = new Set(entries);
    for (;;) {
      const judged = [...wave]
        .filter(({ state }) => state === 'none')
        .map((entry) => ({ entry, verdict: judge(entry.node.triggerRule, entry.upstream) }));
      const next = new Set<Entry>();
      for (const { entry, verdict } of judged) {
        if (verdict === 'wait') continue;
        const state = verdict === 'run' ? 'scheduled' : verdict;
        moves.push({ task: entry.node.name, state });
        if (state === 'scheduled') entry.state = state;
        else {
          this.#close(entry, { state });
          for (const follower of entry.followers) next.add(follower);
        }
      }
      if (next.size === 0) return moves;
      wave = next;
    }
  }

  #close(entry: Entry, { state, items }: Ended): void {
    entry.state = state;
    this.#open--;
    share(entry, shareOf(state, items));
  }
}

const NONE: Upstream = { total: 0, success: 0, failed: 0, upstreamFailed: 0, skipped: 0 };

function newEntry(node: Node): Entry {
  return { node, state: 'none', upstream: NONE, share: { ...NONE, total: 1 }, followers: [] };
}

function isEnd(state: Entry['state']): boolean {
  return state !== 'none' && state !== 'scheduled';
}

const KEYS = {
  success: 'success',
  failed: 'failed',
  upstream_failed: 'upstreamFailed',
  skipped: 'skipped',
} as const;

/** What a task counts for that has ended. */
function shareOf(state: EndState, items: ItemCounts | undefined): Upstream {
  if (state === 'removed') return NONE;
  if (items === undefined) return { ...NONE, total: 1, [KEYS[state]]: 1 };
  return { ...items, upstreamFailed: 0, total: items.success + items.failed + items.skipped };
}

/** Counts a task anew for those that follow it. */
function share(entry: Entry, now: Upstream): void {
  const before = entry.share;
  const sum = (all: Upstream, key: keyof Upstream) => all[key] + now[key] - before[key];
  for (const follower of entry.followers) {
    const { upstream } = follower;
    follower.upstream = {
      ...{ total: sum(upstream, 'total'), success: sum(upstream, 'success') },
      ...{ failed: sum(upstream, 'failed'), skipped: sum(upstream, 'skipped') },
      upstreamFailed: sum(upstream, 'upstreamFailed'),
    };
  }
  entry.share = now;
}
