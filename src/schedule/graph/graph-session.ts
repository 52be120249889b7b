/** The session of one run-tasks process: its lock, its ledger, and the runs that it executes. */

import { resolve } from 'node:path';
import { LONGEST_TIMER_MS } from '../../async/time-limit.ts';
import { Failure, status } from '../../failure.ts';
import { systemCalls } from '../../files/system-calls.ts';
import { writeGraph } from '../../ledger/graphs.ts';
import { writeJobByHand } from '../../ledger/jobs.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { logFolderOf } from '../../ledger/log-path.ts';
import type { Keep } from '../../ledger/prune.ts';
import type { NewRun, Run } from '../../ledger/records.ts';
import { lockRunner } from '../../ledger/runner-lock.ts';
import { writeTasks } from '../../ledger/tasks.ts';
import { addRun } from '../../ledger/write-runs.ts';
import type { Left } from '../execution.ts';
import { forgetSomeRuns } from '../forget-old-runs.ts';
import { jobRecord } from '../job-records.ts';
import type { Job } from '../jobs/job.ts';
import type { RunEvents } from '../measures/run-events.ts';
import { type RunWorld, runWorld } from '../run-world.ts';
import type { ScheduleIo } from '../session.ts';
import { stopTriesOf } from '../tries/orphans.ts';
import { reapZombies } from '../tries/reap.ts';
import { warnRarely } from '../warn-rarely.ts';
import { awaitTurnOrSkip, type GraphRuns } from './active-runs.ts';
import { executeGraph } from './execution/execute-graph.ts';
import { graphRecord, newTasks } from './execution/graph-record.ts';
import type { Graph } from './graph.ts';
import { RunRegistry } from './run-registry.ts';

export interface GraphSettings {
  /** Path of the ledger. */
  readonly ledger: string;
  /** How long to wait for a busy ledger. */
  readonly waitMs: number;
  /** Maximum concurrent tries. */
  readonly jobs: number;
  /** How long tasks may keep running after a signal. */
  readonly graceMs: number;
  /** Whether the output of tasks is passed through. */
  readonly passthrough: boolean;
  /** How long runs and their logs are kept, unless a schedule says otherwise. */
  readonly keep: Keep;
}

export type GraphIo = Omit<ScheduleIo, 'onHangup' | 'fail'>;

/** Opens a session for the work, and closes it afterwards. @throws Failure of the ledger; what the work throws */
export async function withGraphSession<Result>(
  job: Job,
  { settings, io, events }: { settings: GraphSettings; io: GraphIo; events: RunEvents },
  work: (session: GraphSession) => Promise<Result>,
): Promise<Result> {
  await systemCalls();
  const { waitMs } = settings;
  const ledger = await Ledger.open(settings.ledger, { waitMs, signal: io.signal, now: io.now });
  const over = new AbortController();
  try {
    const lock = await lockRunner(settings.ledger, io.now());
    try {
      if (process.pid === 1) await reapZombies(over.signal);
      const session = new GraphSession(job, ledger, { settings, io, events, runner: lock.path });
      await session.begin();
      const result = await session.finish(work(session));
      const logFolder = logFolderOf(settings.ledger);
      await forgetSomeRuns(ledger, { ...io, keep: settings.keep, logFolder });
      return result;
    } finally {
      over.abort();
      lock.release();
    }
  } finally {
    await ledger.close(io.signal.aborted);
  }
}

interface SessionContext {
  readonly settings: GraphSettings;
  readonly io: GraphIo;
  readonly events: RunEvents;
  /** Path of the lock of this process. */
  readonly runner: string;
}

export class GraphSession {
  readonly ledger: Ledger;
  readonly runner: string;
  readonly #job: Job;
  readonly #world: RunWorld;
  readonly #context: SessionContext;
  readonly #runs = new RunRegistry();
  /** Rejects when a background task throws: that is a bug. */
  readonly #bug: Promise<never>;
  #fail: (error: unknown) => void = () => {};

  constructor(job: Job, ledger: Ledger, context: SessionContext) {
    const { settings, io, events, runner } = context;
    this.#bug = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#bug.catch(() => {});
    this.ledger = ledger;
    this.runner = runner;
    this.#job = job;
    this.#context = context;
    const logFolder = resolve(logFolderOf(settings.ledger));
    const never = new AbortController().signal;
    const warn = warnRarely(io.warn);
    const { jobs: slots, passthrough } = settings;
    this.#world = runWorld(
      ledger,
      { slots, passthrough, logFolder, runner, cwd: process.cwd(), cleanEnv: false, fileEnv: {} },
      {
        ...{ events, io, stopping: never, ending: never, failed: this.#fail },
        troubled: ({ message }) => warn(`${message}: trying again every second`),
      },
    );
  }

  /** Records the whole graph in the ledger, even if only a part of it is to run. @throws Failure */
  begin(): Promise<void> {
    const { graph } = this.#job;
    return this.ledger.write((file) => {
      writeJobByHand(file, jobRecord(this.#job));
      if (graph !== undefined) writeGraph(file, graphRecord(graph));
    });
  }

  /** Where to look for other runs of the same graph. */
  get graphRuns(): GraphRuns {
    const { settings, io } = this.#context;
    const { logFolder } = this.#world;
    const search = {
      ...{ ledgerId: this.ledger.id, logFolder, insist: io.insist, leaving: io.signal },
      now: () => io.now(),
    };
    return { ledger: this.ledger, path: settings.ledger, job: this.#job, search };
  }

  /** Records a manual run with its tasks, so that it can be resumed if it is killed while waiting. @throws Failure */
  async add(run: Omit<NewRun, 'job' | 'state' | 'graph' | 'runner'>, part: Graph): Promise<Run> {
    const { name, graph } = this.#job;
    const own = {
      job: name,
      state: 'queued',
      runner: this.runner,
      ...(graph && { graph: graph.hash }),
    } as const;
    const now = this.#context.io.now();
    const added = await this.ledger.write((file) => {
      const one = addRun(file, { ...run, ...own }, { now, decided: undefined });
      if (one !== undefined) writeTasks(file, one.run, newTasks(part, new Map()));
      return one;
    });
    if (added === undefined) throw new Error('there is a manual run already');
    return added;
  }

  /** Waits for the turn of a run. @returns false after a signal @throws Failure (temporary) under `overlap: skip` */
  awaitTurn(run: Run): Promise<boolean> {
    const isCancelled = () => this.#runs.isCancelled(run.run);
    return awaitTurnOrSkip(run, this.graphRuns, { signal: this.#context.io.signal, isCancelled });
  }

  /**
   * Executes a run to its end, unless somebody has stopped it already.
   *
   * @param job with the graph of that run @returns the ended run @throws Failure of the ledger
   */
  async execute(run: Run, job: Job, left?: Left): Promise<Run> {
    if (!this.#runs.isCancelled(run.run)) {
      const done = this.#runs.track(run.run, executeGraph(run, job, this.#world, left));
      if (this.#context.io.signal.aborted) this.#stop();
      await done;
    }
    const ended = await this.ledger.run(run.run);
    if (ended?.job === run.job && ended.queued === run.queued) return ended;
    const { ledger } = this.#context.settings;
    throw new Failure(
      status.io,
      `${ledger}: was removed or replaced during run ${run.run}, which is not recorded in it`,
    );
  }

  /** Waits for the work, stops it after a signal, and leaves no process behind. */
  async finish<Result>(work: Promise<Result>): Promise<Result> {
    const { signal, insist } = this.#context.io;
    const stop = () => this.#stop();
    const kill = () => void this.#stopTries();
    const over = new AbortController();
    const serving = this.#runs.serve(this.ledger, this.runner, over.signal).catch(this.#fail);
    signal.addEventListener('abort', stop, { once: true });
    insist.addEventListener('abort', kill, { once: true });
    try {
      return await Promise.race([work, this.#bug]);
    } finally {
      await this.#world.hooks.settled(insist);
      await this.#stopTries();
      over.abort();
      await serving;
      signal.removeEventListener('abort', stop);
      insist.removeEventListener('abort', kill);
    }
  }

  #stop(): void {
    const { settings, io } = this.#context;
    const end = () => this.#runs.stopAll();
    this.#runs.drainAll();
    if (settings.graceMs === 0 || io.insist.aborted) end();
    else setTimeout(end, Math.min(settings.graceMs, LONGEST_TIMER_MS)).unref();
  }

  #stopTries(): Promise<void> {
    return stopTriesOf({ ledgerId: this.ledger.id, runner: this.runner }, this.#context.io.insist);
  }
}
