/** A running schedule: recovery, beat, requests, reload and shutdown. */

import { later } from '../async/later.ts';
import { poll } from '../async/poll.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';
import { Failure } from '../failure.ts';
import { systemCalls } from '../files/system-calls.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Keep } from '../ledger/prune.ts';
import { readRunsOfOthers, type Unfinished } from '../ledger/read-runs.ts';
import { startBeat } from './beat.ts';
import { forgetOldRuns } from './forget-old-runs.ts';
import { registerJobs } from './job-records.ts';
import type { Job } from './jobs/job.ts';
import { jobsVersion, type LoadedJobs } from './jobs/load-jobs.ts';
import { LostRuns } from './lost-runs.ts';
import { deadRunners } from './lost-tries.ts';
import { type MeasureSettings, type Measures, openMeasures } from './measures/measures.ts';
import { type Recovery, recover } from './recover.ts';
import { type RunWorld, runWorld, type TrySettings } from './run-world.ts';
import { Scheduler } from './scheduler.ts';
import { serveRequests } from './serve-requests.ts';
import { stopTriesOf } from './tries/orphans.ts';
import { bootId } from './tries/processes.ts';
import { reapZombies } from './tries/reap.ts';
import { warnRarely } from './warn-rarely.ts';

/** How often to check whether the files of jobs have changed. */
const WATCH_MS = 1000;

export interface ScheduleSettings extends TrySettings, MeasureSettings {
  /** How long running jobs may go on after a signal. */
  readonly graceMs: number;
  /** Files and folders to reload when they change. */
  readonly watch: readonly string[] | undefined;
  /** How long runs and their logs are kept. */
  readonly keep: Keep;
}

/** What a schedule needs of the tool's surroundings. */
export interface ScheduleIo {
  readonly signal: AbortSignal;
  /** Aborted by a second signal. */
  readonly insist: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  warn(message: string): void;
  explain(message: string): void;
  fail(error: Error): void;
  write(bytes: Buffer): Promise<void>;
  writeStderr(bytes: Buffer): void;
  onHangup(listener: () => void): void;
  now(): number;
}

/** What a schedule finds at its start. */
type Found = Omit<Recovery, 'jobs' | 'take' | 'giveUp'> & { readonly unfinished: readonly Unfinished[] };

export class Session {
  readonly #ledger: Ledger;
  readonly #settings: ScheduleSettings;
  readonly #io: ScheduleIo;
  readonly #world: RunWorld;
  readonly #measures: Measures;
  readonly #stopping = new AbortController();
  readonly #ending = new AbortController();
  /** Resolves on a signal; rejects on a bug. */
  readonly #over: Promise<void>;
  #break: (error: unknown) => void = () => {};
  readonly #warnRarely: (message: string) => void;
  #isServing = false;

  constructor(ledger: Ledger, settings: ScheduleSettings, io: ScheduleIo) {
    this.#ledger = ledger;
    this.#settings = settings;
    this.#io = io;
    this.#warnRarely = warnRarely(io.warn);
    this.#over = later(
      new Promise((resolve, reject) => {
        this.#break = reject;
        if (io.signal.aborted) resolve();
        io.signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    );
    const { warn, explain, now } = io;
    this.#measures = openMeasures(settings, { warn, explain, failed: this.#break, now });
    this.#world = runWorld(ledger, settings, {
      events: this.#measures,
      ...{ io, stopping: this.#stopping.signal, ending: this.#ending.signal },
      ...{ troubled: (failure) => this.#troubled(failure), failed: this.#break },
    });
  }

  /** Runs the jobs until a signal arrives. @param load reloads them @throws a bug in a run; Failure of the ledger */
  async run(jobs: readonly Job[], load: () => Promise<LoadedJobs>): Promise<void> {
    // Loaded now, so that the first run does not wait for it.
    await systemCalls();
    if (process.pid === 1) await reapZombies(this.#stopping.signal);
    const scheduler = new Scheduler(this.#world, await this.#ledger.mark(), this.#break);
    const known = await registerJobs(this.#ledger, jobs);
    await this.#ledger.seeBoot(bootId());
    const unfinished = await this.#ledger.unfinished();
    const others = await this.#ledger.read(readRunsOfOthers);
    const runners = await deadRunners(this.#ledger.id, this.#settings.runner);
    const { insist, now } = this.#io;
    const search = { ledgerId: this.#ledger.id, logFolder: this.#settings.logFolder, insist, now };
    // Before the first beat, so that due runs queue behind recovered ones.
    const left = later(this.#takeUp(scheduler, jobs, { ...search, unfinished, runners, others }));
    const lost = new LostRuns(this.#ledger, { ...search, leaving: this.#stopping.signal }, this.#break);
    lost.look();
    let endBeat = () => {};
    let forgetting = Promise.resolve();
    try {
      await scheduler.setJobs(jobs, known);
      await scheduler.start();
      endBeat = this.#beat(scheduler, lost);
      forgetting = this.#forget().catch(this.#break);
      this.#listen(() => void this.#reload(scheduler, load).catch(this.#break));
      await this.#over;
    } finally {
      endBeat();
      await this.#end(scheduler);
      await Promise.all([left, forgetting, lost.settled()]);
    }
  }

  #takeUp(scheduler: Scheduler, jobs: readonly Job[], { unfinished, ...found }: Found): Promise<void> {
    return recover(unfinished, {
      jobs: new Map(jobs.map((job) => [job.name, job])),
      ...found,
      take: (run, job, left) => scheduler.take(run, job, left),
      giveUp: ({ run }, next) => this.#ledger.changeRun(run, next),
    });
  }

  #beat(scheduler: Scheduler, lost: LostRuns): () => void {
    const { now } = this.#io;
    return startBeat({
      onBeat: () => {
        lost.look();
        void scheduler.beat().catch(this.#break);
      },
      onGuard: () => void this.#serve(scheduler).catch(this.#break),
      isBehind: () => scheduler.isBehind,
      next: () => scheduler.nextInterval(now()),
      now,
    });
  }

  /** Serves requests from people, unless an earlier call is still busy. */
  async #serve(scheduler: Scheduler): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      await serveRequests({ ledger: this.#ledger, scheduler, now: this.#io.now });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#troubled(error);
    } finally {
      this.#isServing = false;
    }
  }

  #forget(): Promise<void> {
    const { keep, logFolder } = this.#settings;
    const { now, explain, warn } = this.#io;
    const troubled = ({ message }: Failure) => warn(`${message}: old runs are kept for now`);
    const signal = this.#stopping.signal;
    return forgetOldRuns(this.#ledger, { keep, logFolder, signal, now, explain, troubled });
  }

  /** Reloads the job files on SIGHUP, and when they change. */
  #listen(reload: () => void): void {
    const { watch } = this.#settings;
    const signal = this.#stopping.signal;
    this.#io.onHangup(reload);
    if (watch !== undefined)
      void poll({ version: async () => jobsVersion(watch), everyMs: WATCH_MS, signal }, reload);
  }

  /** Keeps the jobs as they are if a file has a mistake or cannot be read. */
  async #reload(scheduler: Scheduler, load: () => Promise<LoadedJobs>): Promise<void> {
    try {
      const { jobs, problems, name } = await load();
      for (const { message } of problems) this.#io.warn(message);
      if (problems.length > 0) return this.#io.warn(`${name}: the jobs stay as they were`);
      await scheduler.setJobs(jobs, await registerJobs(this.#ledger, jobs));
      this.#io.explain(`${name}: ${jobs.length} jobs`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#io.warn(`${error.message}: the jobs stay as they were`);
    }
  }

  #troubled({ message }: Failure): void {
    this.#warnRarely(`${message}: nothing is started while it cannot be recorded; trying again every second`);
  }

  /** Graceful shutdown: waits for running jobs, stops them after the grace, and leaves no process behind. */
  async #end(scheduler: Scheduler): Promise<void> {
    const { insist } = this.#io;
    this.#stopping.abort();
    const end = () => this.#ending.abort();
    const timer = setTimeout(end, Math.min(this.#settings.graceMs, LONGEST_TIMER_MS));
    insist.addEventListener('abort', end, { once: true });
    if (insist.aborted) end();
    await scheduler.end();
    await this.#world.hooks.settled(insist);
    clearTimeout(timer);
    // If that fails, closing the ledger reports it.
    await this.#ledger.flush().catch(() => {});
    await this.#measures.close();
    await stopTriesOf({ ledgerId: this.#ledger.id, runner: this.#settings.runner }, insist);
  }
}
