/**
 * The scheduler: at each beat it decides which runs are due, records them in the ledger, and then executes them.
 *
 * Nothing starts before it is recorded: a beat whose transaction fails changes nothing, and the next one, a second later, decides
 * the same again. Memory: the jobs, and the unfinished runs.
 */

import { elapsedMs } from '../async/clock.ts';
import { Failure } from '../failure.ts';
import type { Mark, NewRun, Run, Trigger } from '../ledger/records.ts';
import { type Decision, decide, firstMark } from './decide.ts';
import { nextDue } from './due/due.ts';
import { executeRun } from './execute-run.ts';
import type { Left } from './execution.ts';
import { executeInTurn } from './graph/execution/execute-in-turn.ts';
import { JobQueue } from './job-queue.ts';
import type { Job } from './jobs/job.ts';
import type { RunWorld } from './run-world.ts';

/** Misfire threshold: a run is on time for a minute, so a schedule that restarts within it misses nothing. */
const ON_TIME_MS = 60_000;

export class Scheduler {
  readonly #world: RunWorld;
  #jobs = new Map<string, Job>();
  readonly #queues = new Map<string, JobQueue>();
  #mark: Mark;
  /** When the mark was set, by the monotonic clock. */
  #markedAt = elapsedMs();
  #beating: Promise<void> = Promise.resolve();
  #isWaiting = false;
  #isBehind = false;
  readonly #failed: (error: unknown) => void;

  /** @param failed called on a bug in a run */
  constructor(world: RunWorld, mark: Mark | undefined, failed: (error: unknown) => void) {
    this.#world = world;
    this.#mark = mark ?? firstMark(world.now());
    this.#failed = failed;
  }

  /** Whether the last beat could not be written to the ledger. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  get jobs(): ReadonlyMap<string, Job> {
    return this.#jobs;
  }

  /**
   * Replaces the jobs after deciding what is due of the old ones; runs in progress go on.
   *
   * @param known names of jobs already in the ledger with the same schedule; new ones cannot have missed a run
   */
  async setJobs(jobs: readonly Job[], known: ReadonlySet<string>): Promise<void> {
    const old = jobs.filter(({ name }) => known.has(name));
    if (this.#jobs.size === 0) this.#jobs = byName(old);
    await this.beat();
    this.#jobs = byName(jobs);
    for (const [name, queue] of this.#queues)
      if (queue.isIdle && !this.#jobs.has(name)) this.#queues.delete(name);
  }

  /** Starts the `@reboot` jobs. @throws Failure */
  async start(): Promise<void> {
    const now = this.#world.now();
    const jobs = [...this.#jobs.values()].filter(({ when }) => when.kind === 'start');
    const runs = jobs.map(({ name }): NewRun => {
      const times = { scheduled: now, dataStart: now, dataEnd: now };
      return { job: name, trigger: 'schedule', ...times, repeat: 'again', state: 'queued' };
    });
    for (const run of await this.#world.ledger.add(runs)) this.#begin(run);
  }

  /** The first time after this one at which an `@every` job is due; Infinity for none. */
  nextInterval(after: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { when } of this.#jobs.values())
      if (when.kind === 'interval') next = Math.min(next, nextDue(when, after) ?? next);
    return next;
  }

  /** Decides and starts what is due. One beat at a time: calls while another one waits for its turn join that one. */
  beat(): Promise<void> {
    if (this.#isWaiting) return this.#beating;
    this.#isWaiting = true;
    this.#beating = this.#beating.then(async () => {
      this.#isWaiting = false;
      if (!this.#world.stopping.aborted) await this.#decide();
    });
    return this.#beating;
  }

  /** Queues a run that is already in the ledger. @param left the state in which an earlier schedule left it */
  take(run: Run, job: Job, left?: Left): void {
    this.#queueOf(job).add(run, job, left);
  }

  /** Stops a run, or takes it off the queue. @returns what it was doing; undefined for an unknown run */
  stop(job: string, run: number): 'running' | 'waiting' | undefined {
    return this.#queues.get(job)?.stop(run);
  }

  /** Starts nothing more; resolves when no run is in progress. */
  async end(): Promise<void> {
    // Even after a bug, runs in progress must end.
    await this.#beating.catch(() => {});
    for (const queue of this.#queues.values()) queue.close();
    await Promise.all([...this.#queues.values()].map(({ done }) => done.catch(() => {})));
  }

  async #decide(): Promise<void> {
    const { ledger, now, troubled, events } = this.#world;
    const onTimeMs = ON_TIME_MS + (elapsedMs() - this.#markedAt);
    const { mark, decisions } = decide(this.#jobs.values(), this.#mark, { now: now(), onTimeMs });
    if (mark === this.#mark) return;
    try {
      const paused = await ledger.paused();
      const runs = await ledger.decide(mark, this.#newRuns(decisions, paused));
      this.#mark = mark;
      this.#isBehind = false;
      this.#markedAt = elapsedMs();
      events.beat(this.#jobs.size, this.#world.slots);
      for (const run of runs) this.#begin(run);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#isBehind = true;
      troubled(error);
    }
  }

  #begin(run: Run): void {
    const job = this.#jobs.get(run.job);
    if (job !== undefined && run.state === 'queued') this.#queueOf(job).add(run, job);
  }

  #newRuns(decisions: readonly Decision[], paused: ReadonlySet<string>): NewRun[] {
    const accepted = new Map<string, Iterator<boolean>>();
    for (const [job, triggers] of triggersByJob(decisions))
      accepted.set(job.name, this.#queueOf(job).judge(job, triggers).values());
    return decisions.map((decision) => {
      const { job, trigger, scheduled, dataStart, dataEnd, count, isMissed } = decision;
      const base = { job: job.name, trigger, scheduled, repeat: 'again', dataStart, dataEnd, count } as const;
      if (isMissed) return { ...base, state: 'skipped', reason: 'missed' };
      const isAccepted = accepted.get(job.name)?.next().value;
      if (paused.has(job.name)) return { ...base, state: 'skipped', reason: 'paused' };
      return isAccepted
        ? { ...base, state: 'queued', isOfNow: trigger !== 'catchup' }
        : { ...base, state: 'skipped', reason: 'overlap' };
    });
  }

  #queueOf(job: Job): JobQueue {
    const { ledger } = this.#world;
    let queue = this.#queues.get(job.name);
    queue ??= new JobQueue({
      execute: (run, ofJob, left) => {
        const execute = ofJob.graph === undefined ? executeRun : executeInTurn;
        return execute(run, ofJob, this.#world, left);
      },
      drop: ({ run }) => ledger.changeRun(run, { state: 'skipped', reason: 'overlap' }),
      fail: this.#failed,
    });
    this.#queues.set(job.name, queue);
    return queue;
  }
}

function byName(jobs: readonly Job[]): Map<string, Job> {
  return new Map(jobs.map((job) => [job.name, job]));
}

/** The triggers of each job's due runs, without misfires. */
function triggersByJob(decisions: readonly Decision[]): Map<Job, Trigger[]> {
  const triggers = new Map<Job, Trigger[]>();
  for (const { job, trigger, isMissed } of decisions) {
    if (isMissed) continue;
    const own = triggers.get(job);
    if (own === undefined) triggers.set(job, [trigger]);
    else own.push(trigger);
  }
  return triggers;
}
