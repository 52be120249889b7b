/**
 * runs: show what has run, when, for how long, and how it ended.
 *
 * stdin   not read      stdout  jobs, runs, the details of a run, or a log
 * LEDGER  is only read, except to add a request for the schedule; never created
 */

import { inGroup } from '../cli/option.ts';
import { rowFormat, rowOptions } from '../cli/row-options.ts';
import { terminalOf } from '../cli/terminal.ts';
import { defineTool, type Io } from '../cli/tool.ts';
import { durationValue, fileValue, numberValue, variableValue, waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { changeSchedule } from '../ledger/change-schedule.ts';
import { checkJob } from '../ledger/check-job.ts';
import { findLost } from '../ledger/lost.ts';
import { printLog } from '../ledger/print-log.ts';
import { findRun, type LedgerView, listJobs, listRuns, printRun } from '../ledger/print-runs.ts';
import { LedgerReader } from '../ledger/reader.ts';
import { readWish, VERBS, type Wish } from '../ledger/run-words.ts';
import { parseDuration } from '../readings/duration.ts';
import { type Moment, parseMoment } from '../readings/moment.ts';
import { parseTime } from '../readings/time.ts';
import { nextDueOf } from '../schedule/due/known-job.ts';
import { user } from '../schedule/tries/user.ts';

/** Default number of runs shown, unless --since is given. */
const SHOWN = 30;

export default defineTool({
  name: 'runs',
  summary: 'Show what a schedule has run, and how it ended.',
  operands: '[JOB | VERB RUN | VERB JOB]...',
  operandWords: VERBS,
  options: {
    ledger: { ...fileValue, default: 'runs.db', env: 'ETL_LEDGER', describe: 'the ledger of the schedule' },
    job: { type: 'text', value: 'JOB', describe: 'the job of this name, even if it is also a verb' },
    failed: { type: 'flag', describe: 'only runs that failed' },
    since: {
      type: 'text',
      value: 'TIME|DURATION',
      parse: parseSince,
      describe: 'only runs since a time, or for a duration: 1d',
    },
    count: { alias: 'n', ...numberValue(1), describe: 'at most N runs (default: 30, or all of --since)' },
    check: { type: 'text', value: 'JOB', describe: 'exit 0 if the last run of this JOB succeeded, 1 if not' },
    within: { ...durationValue, describe: '--check: exit 1 unless a run succeeded within this time' },
    try: { ...numberValue(1), describe: 'logs: of this try (default: the last)' },
    task: {
      type: 'text',
      value: 'TASK',
      describe: 'logs: of this task; retry: this task, and what follows it',
    },
    follow: { alias: 'f', type: 'flag', describe: 'logs: follow until the try has ended' },
    at: {
      type: 'text',
      value: 'TIME',
      parse: parseMoment,
      describe: 'run: for this time, such as yesterday; the job gets it as $ETL_AT',
    },
    env: {
      ...variableValue,
      alias: 'e',
      repeats: true,
      describe: 'run: set NAME=VALUE',
    },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for the schedule, or a busy ledger' },
    ...inGroup('Output', {
      ascii: { type: 'flag', describe: 'only ASCII' },
      csv: { type: 'flag', excludes: ['json', 'table'], describe: 'rows as CSV' },
    }),
    ...rowOptions,
  },
  examples: [
    ['$0', 'all jobs: next time, last runs, what is odd'],
    ['$0 attic', 'the runs of a job'],
    ['$0 logs last --job attic -f', 'what it prints now'],
    ['$0 --failed --since 1d --json', 'for programs'],
    ['$0 --check attic --within 5m', 'for a monitor'],
  ],
  notes:
    'Verbs: show RUN, logs RUN, pause JOB, resume JOB; retry RUN, stop RUN and run JOB are done by the\n' +
    'schedule (75 when none runs), and print the number of the run. RUN is a number, or last. The last\n' +
    'runs of a job, the newest at the end: ✓ + success, ✗ x failed, ↻ ~ up for retry, ▶ > running,\n' +
    '… : queued, - skipped. With --csv, --json or --table a run has the columns run, job, task, trigger,\n' +
    'state, reason, try, status, scheduled, start, end, in, out, rejected. --check exits 3 when it\n' +
    'cannot tell.',
  files: ({ ledger }) => ({ inputs: [], outputs: [{ name: ledger, content: 'any' }] }),
  async *run(options, io, operands) {
    const { ledger: name, wait: waitMs, check, job } = options;
    const wish = readWish(operands, job);
    refuseMisplaced(options, check === undefined ? wish.verb : 'check');
    const reader = new LedgerReader(name, { waitMs, signal: io.signal });
    try {
      if (check !== undefined) yield await checkedJob({ ...options, check }, reader, io);
      else yield* answer(wish, options, { reader, io });
    } finally {
      await reader.close();
    }
  },
});

interface RunsOptions {
  readonly ledger: string;
  readonly failed: boolean;
  readonly since: ((now: number) => number) | undefined;
  readonly count: number | undefined;
  readonly within: number | undefined;
  readonly try: number | undefined;
  readonly task: string | undefined;
  readonly follow: boolean;
  readonly at: Moment | undefined;
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly ascii: boolean;
  readonly csv: boolean;
  readonly json: boolean;
  readonly table: boolean;
  readonly wait: number;
}

/** The verb, or --check, that each option belongs to. */
const PLACES = {
  ...{ failed: 'list', since: 'list', count: 'list', within: 'check' },
  ...{ try: 'logs', task: 'logs or retry', follow: 'logs', at: 'run', env: 'run' },
} as const;

function refuseMisplaced(options: RunsOptions, verb: string): void {
  for (const [name, place] of Object.entries(PLACES) as [keyof typeof PLACES, string][]) {
    const value = options[name];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
    if (!isGiven || place.split(' or ').includes(verb)) continue;
    const where = place === 'list' ? 'a list of runs' : place === 'check' ? '--check' : place;
    throw new Failure(status.usage, `--${name} is for ${where} only (see runs --help)`);
  }
}

async function* answer(
  wish: Wish,
  options: RunsOptions,
  { reader, io }: { reader: LedgerReader; io: Io },
): AsyncGenerator<string | Buffer> {
  const { unicode, columns: width } = terminalOf(io);
  const view: LedgerView = {
    ...{ reader, ledger: options.ledger, now: io.now(), nextDueOf },
    format: options.csv || options.json || options.table ? rowFormat(options) : 'people',
    isAscii: options.ascii || !unicode,
    width,
  };
  if (wish.verb === 'list') yield* list(wish.job, options, view);
  else if (wish.verb === 'show') yield* printRun(await findRun(wish, reader), view);
  else if (wish.verb === 'logs') {
    const { try: number, task, follow } = options;
    const run = await findRun(wish, reader);
    yield* printLog({ run, task, number, follow }, { ...view, signal: io.signal });
  } else {
    const { at, env, task, wait: waitMs, ledger: name } = options;
    const asked = 'which' in wish ? { verb: wish.verb, run: await findRun(wish, reader), task } : wish;
    const changed = { ...asked, at: at?.({ now: io.now(), zone: undefined }), env: Object.fromEntries(env) };
    const where = { name, waitMs, signal: io.signal, who: user().name, now: () => io.now() };
    yield await changeSchedule(changed, where);
  }
}

function list(job: string | undefined, options: RunsOptions, view: LedgerView): AsyncGenerator<string> {
  const { failed: isFailed, since, count } = options;
  if (job === undefined && !isFailed && since === undefined && count === undefined) return listJobs(view);
  const most = count ?? (since === undefined ? SHOWN : undefined);
  return listRuns({ job, isFailed, since: since?.(view.now), most }, view);
}

/** Checks a job. Any failure but a breach means that its state is unknown. @throws Failure (breach, unknown) */
async function checkedJob(
  { check: job, within: withinMs }: Pick<RunsOptions, 'within'> & { check: string },
  reader: LedgerReader,
  io: Io,
): Promise<string> {
  try {
    const now = io.now();
    const lost = await findLost((work) => reader.get(work), now);
    const { verdict } = await reader.get((file) => ({
      verdict: checkJob(file, { job, withinMs, now, lost }),
    }));
    if (typeof verdict === 'string') return verdict;
    throw verdict;
  } catch (error) {
    if (!(error instanceof Failure) || error.status === status.breach) throw error;
    throw new Failure(status.unknown, error.message, { cause: error });
  }
}

function parseSince(text: string): (now: number) => number {
  const time = parseTime(text);
  if (time !== undefined) return () => time;
  try {
    const ms = parseDuration(text);
    return (now) => now - ms;
  } catch {
    throw new Error(
      `not a time or duration: ${JSON.stringify(text)} (write 1d, 90m, or 2026-11-21T10:04:00Z)`,
    );
  }
}
