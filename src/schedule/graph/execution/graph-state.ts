/**
 * The state machine of the tasks of one run, with Airflow's states. Pure: no clock, no I/O.
 *
 * A task is `none` until its trigger rule decides: it becomes `scheduled`, or ends as `skipped` or `upstream_failed`. The
 * states between `scheduled` and the end (queued, running, up_for_retry) affect no other task. The total work of a run is
 * linear in the needs of all tasks.
 */

import type { TaskState } from '../../../ledger/records.ts';
import type { Task } from '../graph.ts';
import { judge, type Upstream } from './trigger-rules.ts';

/** The parts of a task that its state depends on. */
export type Node = Pick<Task, 'name' | 'needs' | 'triggerRule'>;

/** The final state of a task, whether it ran or not. */
export type EndState = Extract<TaskState, 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'removed'>;

/** Number of ended items of a task by state: trigger rules count each item. */
export type ItemCounts = Readonly<Record<'success' | 'failed' | 'skipped', number>>;

/** The items of a running task: how many have ended, out of how many. */
export type ItemProgress = ItemCounts & { readonly total: number };

/** The result of a task, and of its items if it is split. */
export interface Ended {
  readonly state: EndState;
  readonly items?: ItemCounts | undefined;
}

/** A state change decided by a trigger rule. */
export interface Move {
  readonly task: string;
  readonly state: 'scheduled' | 'skipped' | 'upstream_failed';
}

interface Entry {
  readonly node: Node;
  state: 'none' | 'scheduled' | EndState;
  upstream: Upstream;
  /** What it contributes to the upstream counts of its followers. */
  share: Upstream;
  readonly followers: Entry[];
}

export class GraphState {
  readonly #entries = new Map<string, Entry>();
  #open = 0;

  /** @param nodes needs outside of them do not count in this run @param ended results that tasks keep */
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

  /** Whether all tasks have ended. */
  get isDone(): boolean {
    return this.#open === 0;
  }

  /** The changes before any task has run. */
  begin(): Move[] {
    return this.#settle(this.#entries.values());
  }

  /** The changes caused by the end of a task, in order. */
  end(name: string, result: Ended): Move[] {
    const entry = this.#entries.get(name);
    if (entry === undefined || isEnd(entry.state)) return [];
    this.#close(entry, result);
    return this.#settle(entry.followers);
  }

  /** The changes caused by the end of an item while others are running: like Airflow, rules count items as they end. */
  count(name: string, progress: ItemProgress): Move[] {
    const entry = this.#entries.get(name);
    if (entry === undefined || isEnd(entry.state)) return [];
    share(entry, { ...progress, upstreamFailed: 0 });
    return this.#settle(entry.followers);
  }

  /** Ends all tasks that are not scheduled yet. @returns their names */
  abandon(state: EndState): string[] {
    const left = [...this.#entries.values()].filter((entry) => entry.state === 'none');
    for (const entry of left) this.#close(entry, { state });
    return left.map(({ node }) => node.name);
  }

  /** Judges all entries by the same snapshot of states, wave after wave, until nothing changes: see trigger-rules.ts. */
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

/** What an ended task contributes to the counts of its followers. */
function shareOf(state: EndState, items: ItemCounts | undefined): Upstream {
  if (state === 'removed') return NONE;
  if (items === undefined) return { ...NONE, total: 1, [KEYS[state]]: 1 };
  return { ...items, upstreamFailed: 0, total: items.success + items.failed + items.skipped };
}

/** Replaces what a task contributes to the counts of its followers. */
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
