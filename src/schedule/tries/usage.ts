/**
 * Samples CPU time and memory of tries once a second, over all processes of their sessions.
 *
 * Most jobs are short, so a young try is sampled a few more times, over its process tree. What happens between two samples is not
 * seen, and shared pages count once per process.
 */

import { elapsedMs } from '../../async/clock.ts';
import { allPids, childrenOf, type ProcessStat, statOf } from './processes.ts';

const LOOK_MS = 1000;
/** Ages of a young try at which it is sampled. */
const EARLY_MS = [50, 150, 400];
/** Maximum share of time spent on scanning all processes. */
const SHARE = 0.01;

/** What a try has used so far. */
export interface Usage {
  readonly cpuSeconds: number | undefined;
  readonly peakBytes: number | undefined;
}

/** What a watched try has used. */
class Used {
  cpuSeconds: number | undefined;
  pages: number | undefined;

  /** Adds a sample of its processes. */
  see(stats: readonly ProcessStat[]): void {
    if (stats.length === 0) return;
    const sum = (value: (stat: ProcessStat) => number) => stats.reduce((all, stat) => all + value(stat), 0);
    this.cpuSeconds = Math.max(
      this.cpuSeconds ?? 0,
      sum(({ cpuSeconds }) => cpuSeconds),
    );
    this.pages = Math.max(
      this.pages ?? 0,
      sum(({ pages }) => pages),
    );
  }
}

/** Watches all tries of a runner. */
export class UsageSampler {
  readonly #pageBytes: number;
  /** By session ID, which is the PID of the first process. */
  readonly #watched = new Map<number, Used>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes;
  }

  /** Watches a session from its start. @returns a function that ends the watch and returns the usage */
  watch(session: number): () => Usage {
    const used = new Used();
    this.#watched.set(session, used);
    const early = EARLY_MS.map((ms) => setTimeout(() => used.see(treeOf(session)), ms));
    this.#timer ??= setTimeout(() => this.#look(), LOOK_MS);
    return () => {
      this.#watched.delete(session);
      for (const timer of early) clearTimeout(timer);
      if (this.#watched.size === 0) this.#stopTimer();
      const { cpuSeconds, pages } = used;
      return { cpuSeconds, peakBytes: pages === undefined ? undefined : pages * this.#pageBytes };
    };
  }

  /** Stops the timer, which would keep the process alive. */
  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const begun = elapsedMs();
    const stats = new Map<number, ProcessStat[]>([...this.#watched.keys()].map((session) => [session, []]));
    for (const pid of allPids()) {
      const stat = statOf(pid);
      if (stat !== undefined) stats.get(stat.session)?.push(stat);
    }
    for (const [session, used] of this.#watched) used.see(stats.get(session) ?? []);
    this.#timer = setTimeout(() => this.#look(), Math.max(LOOK_MS, (elapsedMs() - begun) / SHARE));
  }
}

function treeOf(pid: number): ProcessStat[] {
  const stat = statOf(pid);
  return stat === undefined ? [] : [stat, ...childrenOf(pid).flatMap(treeOf)];
}
