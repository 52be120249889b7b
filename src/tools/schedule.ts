/**
 * schedule: cron in the foreground, with a ledger of runs.
 *
 * stdin   a crontab, if a FILE is `-`     stdout  the output of jobs with --output passthrough; what --test or --explain finds
 * LEDGER  records every run before it starts, and when it ends; logs are in a folder beside it
 */

import { resolve } from 'node:path';
import { inGroup, type Options, type ParsedOptions } from '../cli/option.ts';
import { keepOf, keepOptions, runnerOptions } from '../cli/runner-options.ts';
import { defineTool, type Io, wholeNumber } from '../cli/tool.ts';
import { fileValue, timeValue, waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { textFiles } from '../files/command-files.ts';
import { logFolderOf } from '../ledger/log-path.ts';
import { lockOf } from '../ledger/schedule-lock.ts';
import { showWarning, testJobs } from '../schedule/doctor/doctor.ts';
import { explainJobs } from '../schedule/doctor/explain.ts';
import { jobFiles, jobLoader, type LoadedJobs } from '../schedule/jobs/load-jobs.ts';
import type { Policies } from '../schedule/jobs/policies.ts';
import { POLICY_WORDS } from '../schedule/jobs/policy-words.ts';
import { parseUdpAddress } from '../schedule/measures/udp-lines.ts';
import type { ScheduleSettings } from '../schedule/session.ts';
import { readEnvFile } from '../schedule/tries/env-file.ts';

/** The policies that are also options. `grace`, from TERM to KILL, is not: --grace is the time of the whole schedule. */
const words = [...POLICY_WORDS].filter(([word]) => word !== 'grace');

/** Policies as options: defaults for jobs whose comments do not set them. Shown only in the manual page. */
const policyOptions: Options = Object.fromEntries(
  words.map(([word, { describe, form, parse }]) => [
    word,
    { group: 'Policies of all jobs', type: 'text', value: form, manualOnly: true, parse, describe },
  ]),
);

export default defineTool({
  name: 'schedule',
  summary: 'Run crontabs and graphs of tasks without overlap, and with retries, logs and a ledger.',
  operands: '[FILE...]',
  runsCommands: true,
  reloads: true,
  options: {
    ...runnerOptions,
    grace: {
      ...waitValue,
      default: '30s',
      describe: 'after a signal, how long to wait for jobs before they are stopped',
    },
    watch: { type: 'flag', describe: 'read the crontab again when it changes, as SIGHUP does' },
    'clean-env': { type: 'flag', describe: "cron's environment for jobs, instead of this one" },
    'env-file': { ...fileValue, describe: 'NAME=VALUE lines for jobs; no log shows these values' },
    output: {
      type: 'text',
      choices: ['log', 'passthrough'],
      default: 'log',
      describe: 'where job output goes: only to logs, or also to stdout and stderr',
    },
    ...keepOptions,
    statsd: {
      type: 'text',
      value: 'HOST:PORT',
      parse: parseUdpAddress,
      describe: "send StatsD metrics to HOST:PORT (UDP), under Airflow's names",
    },
    textfile: { ...fileValue, describe: 'keep metrics for Prometheus in this FILE' },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for a busy ledger' },
    test: { type: 'flag', describe: 'run nothing: show when jobs are due, and what looks wrong' },
    explain: { type: 'flag', describe: 'run nothing: show each job with its policies' },
    ...inGroup('With --test', {
      times: {
        type: 'text',
        value: 'N',
        alias: 'n',
        parse: wholeNumber(0),
        describe: 'due times of each job (default: 5)',
      },
      from: { ...timeValue, describe: 'from this TIME on (default: now)' },
      to: { ...timeValue, describe: 'all due before this TIME, as TIME,NAME' },
      strict: { type: 'flag', describe: 'exit 65 if there are warnings' },
      json: { type: 'flag', describe: 'NDJSON, also with --explain' },
    }),
    ...policyOptions,
  },
  examples: [
    ['$0 crontab graphs &', 'a crontab, and the graphs of tasks (*.yaml) in a folder'],
    ['crontab -l | $0 -', 'your crontab'],
  ],
  notes:
    'FILE: a crontab (no user column; @every 5s, CRON_TZ=ZONE), a .yaml of tasks, or a folder of these.\n' +
    'A comment above a line sets its policies; the same names are options for all jobs:\n' +
    "  #: name=attic overlap=skip timeout=50s retries=2 catchup=last:3h on-failure='mail ...'",
  files: ({ 'env-file': secrets, ledger, textfile }, operands) => ({
    inputs: [...jobFiles(filesOrCrontab(operands)), secrets ?? []].flat(),
    outputs: [{ name: ledger, content: 'any' }, ...textFiles(textfile)],
  }),
  async *run(options, io, operands) {
    refuseMisplaced(options);
    const load = jobLoader(filesOrCrontab(operands), io, policiesOf(options));
    if (options.test || options.explain) return yield* examine(await load(), options, io);
    const envFile = options['env-file'];
    const settings: ScheduleSettings = {
      ...{ ledger: options.ledger, slots: options.jobs, graceMs: options.grace, waitMs: options.wait },
      ...{ logFolder: resolve(logFolderOf(options.ledger)), runner: resolve(lockOf(options.ledger)) },
      ...{ watch: options.watch ? filesOrCrontab(operands) : undefined, cwd: process.cwd() },
      ...{ cleanEnv: options['clean-env'], fileEnv: envFile === undefined ? {} : readEnvFile(envFile) },
      keep: keepOf(options),
      ...{ passthrough: options.output === 'passthrough' },
      ...{ statsd: options.statsd, textfile: options.textfile },
    };
    // Loads SQLite, which --test and --explain do not need.
    const { runSchedule } = await import('../schedule/run-schedule.ts');
    await runSchedule(load, settings, io);
  },
});

/** The files of jobs, or the default one. */
function filesOrCrontab(operands: readonly string[]): readonly string[] {
  return operands.length === 0 ? ['crontab'] : operands;
}

/** Default number of due times shown. */
const SHOWN = 5;

interface Examination {
  readonly ledger: string;
  readonly 'env-file': string | undefined;
  readonly test: boolean;
  readonly times: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly strict: boolean;
  readonly json: boolean;
}

/** Refuses options of --test without it: who forgets --test must not start all jobs. @throws Failure (usage) */
function refuseMisplaced({
  test,
  explain,
  times,
  from,
  to,
  strict,
  json,
}: Examination & { explain: boolean }): void {
  const given = Object.entries({ times, from, to, strict, json }).filter(
    ([, value]) => value !== undefined && value !== false,
  );
  for (const [name] of given) {
    if (test || (explain && name === 'json')) continue;
    const place = name === 'json' ? '--test and --explain' : '--test';
    throw new Failure(status.usage, `--${name} is for ${place} only (see schedule --help)`);
  }
}

/** What --test and --explain print. */
async function* examine(loaded: LoadedJobs, options: Examination, io: Io): AsyncGenerator<string> {
  for (const problem of loaded.problems) io.fail(problem);
  if (loaded.problems.length > 0) return;
  const { test, times: count = SHOWN, from, to, strict, json, 'env-file': envFile } = options;
  if (!test) return yield* explainJobs(loaded.jobs, json);
  const surroundings = {
    ...{ now: io.now(), cwd: process.cwd(), env: io.env, pid: process.pid, ledger: options.ledger },
    fileEnv: envFile === undefined ? {} : readEnvFile(envFile),
  };
  const warnings = yield* testJobs({ loaded, count, from, to, json, surroundings });
  if (to !== undefined) for (const warning of warnings) io.warn(showWarning(warning));
  if (strict && warnings.length > 0)
    io.fail(
      new Failure(
        status.data,
        `${loaded.name}: ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`,
      ),
    );
}

/** The policies that options set. */
function policiesOf(options: ParsedOptions): Partial<Policies> {
  const given = words.flatMap(([word, { key }]) =>
    options[word] === undefined ? [] : [[key, options[word]]],
  );
  return Object.fromEntries(given);
}
