/**
 * All jobs, cached as they were last sent, so that a change of the ledger costs in proportion to what has changed: jobs without
 * changed runs are not read again, and a client that names the version it has gets only the others. Memory: the JSON of all
 * jobs, and their recent runs.
 */

import { isDeepStrictEqual } from 'node:util';
import { type JobHistory, readHistory } from '../../ledger/history.ts';
import { readJobs } from '../../ledger/jobs.ts';
import type { LedgerFile } from '../../ledger/ledger-file.ts';
import { isLost, type Lost, runAsItIs } from '../../ledger/lost.ts';
import { changedRuns, type OpenRuns, readJobsOf, readOpenRuns } from '../../ledger/open-runs.ts';
import type { LedgerReader } from '../../ledger/reader.ts';
import type { KnownJob } from '../../ledger/records.ts';
import { type DueTimes, type NextDue, rememberedDue, settledJson, timelyJson } from './job-json.ts';
import type { ServedLedger } from './served-ledger.ts';

interface Known {
  readonly history: JobHistory;
  /** The job itself, as JSON, to see whether it was edited. */
  readonly record: string;
  readonly nextDue: NextDue;
}

interface Told extends Known {
  /** The history, with lost runs shown as lost. */
  readonly seen: JobHistory;
  /** `Timely` of job-json.ts, as JSON. */
  readonly timely: string;
  /** JobJson. */
  readonly text: string;
  /** The version at which it last changed. */
  readonly version: number;
}

/** An answer, with jobs as JSON. */
export interface JobsAnswer {
  /** Version of the jobs: greater than all earlier ones, even those of an earlier server process. */
  readonly version: number;
  /** The version that the jobs are newer than; undefined if these are all. */
  readonly since: number | undefined;
  /** JobJson of each. */
  readonly jobs: readonly string[];
}

/** What the JSON of jobs depends on, besides the ledger. */
interface Moment {
  /** Runs of killed run-tasks, and the time. */
  readonly lost: Lost;
  /** Whether a schedule is running. */
  readonly isLive: boolean;
}

export class ToldJobs {
  readonly #ledger: ServedLedger;
  /** By name, in the order of the list. */
  #told: ReadonlyMap<string, Told> = new Map();
  /** The version of the ledger that was last read; undefined if unknown. */
  #read: string | undefined;
  /** The unfinished runs at that version. */
  #seen: OpenRuns | undefined;
  #version: number;
  /** The version at which the set or order of the jobs last changed. */
  #listed: number;

  /** @param version the first one: when the server started, in epoch milliseconds */
  constructor(ledger: ServedLedger, version: number) {
    this.#ledger = ledger;
    [this.#version, this.#listed] = [version, version];
  }

  /** @param since the version of an earlier answer; undefined for all @throws Failure */
  async answer(since: number | undefined, moment: Moment): Promise<JobsAnswer> {
    await this.#look(moment);
    const told = [...this.#told.values()];
    const isKnown = since !== undefined && since >= this.#listed && since <= this.#version;
    return {
      version: this.#version,
      since: isKnown ? since : undefined,
      jobs: told.filter(({ version }) => !isKnown || version > since).map(({ text }) => text),
    };
  }

  async #look(moment: Moment): Promise<void> {
    const { reader } = this.#ledger;
    const current = versionOf(reader);
    if (current !== undefined && current === this.#read) {
      // Still, time has passed.
      this.#tell([...this.#told.values()], this.#seen, moment);
      return;
    }
    const found = await reader.read((file) => this.#readJobs(file, moment));
    if (found === undefined) this.#tell([], undefined, moment);
    // The version from before reading: what came meanwhile is read again.
    this.#read = current;
  }

  #readJobs(file: LedgerFile, moment: Moment): true {
    const open = readOpenRuns(file);
    const runs = changedRuns(this.#seen, open);
    const changed = runs === null ? undefined : readJobsOf(file, runs);
    const jobs = readJobs(file)
      .map((job) => this.#known(file, job, changed === undefined || changed.has(job.name)))
      .filter(({ history }) => history.job.gone === undefined || history.recent.length > 0);
    this.#tell(jobs, open, moment);
    return true;
  }

  /** @param hasRun whether its runs may have changed */
  #known(file: LedgerFile, job: KnownJob, hasRun: boolean): Known {
    const record = JSON.stringify(job);
    const before = this.#told.get(job.name);
    if (!hasRun && before?.record === record) return before;
    const { due } = this.#ledger;
    const nextDue = rememberedDue((after) => due.nextDueOf(job, after));
    return { history: readHistory(file, job), record, nextDue };
  }

  #tell(jobs: readonly Known[], seen: OpenRuns | undefined, moment: Moment): void {
    const next = this.#version + 1;
    const telling = { next, moment, due: this.#ledger.due };
    const told = new Map(
      jobs.map((job) => {
        const { name } = job.history.job;
        return [name, tell(job, this.#told.get(name), telling)];
      }),
    );
    if (!isDeepStrictEqual([...told.keys()], [...this.#told.keys()])) this.#listed = next;
    const isNew = this.#listed === next || [...told.values()].some(({ version }) => version === next);
    if (isNew) this.#version = next;
    [this.#told, this.#seen] = [told, seen];
  }
}

/** Undefined if it cannot be read: reading the ledger will report why. */
function versionOf(reader: LedgerReader): string | undefined {
  try {
    return reader.version();
  } catch {
    return undefined;
  }
}

interface Telling {
  /** The version of what has changed. */
  readonly next: number;
  readonly moment: Moment;
  readonly due: DueTimes;
}

function tell(known: Known, before: Told | undefined, { next, moment, due }: Telling): Told {
  const { nextDue } = known;
  const seen = asItIs(known.history, moment.lost);
  const members = timelyJson(seen, { now: moment.lost.now, isLive: moment.isLive }, nextDue);
  const timely = JSON.stringify(members);
  if (before !== undefined && before.seen === seen && before.timely === timely) return before;
  const text = JSON.stringify({ ...settledJson(seen, due.inWords(seen.job)), ...members });
  return { ...known, seen, timely, text, version: before?.text === text ? before.version : next };
}

/** The history with lost runs shown as lost; the same object if there are none. */
function asItIs(history: JobHistory, lost: Lost): JobHistory {
  if (!history.recent.some((run) => isLost(run, lost))) return history;
  return { ...history, recent: history.recent.map((run) => runAsItIs(run, lost)) };
}
