/**
 * schedule: cron in the foreground, which remembers.
 *
 * stdin   the crontab, if it is `-`       stdout  with --output passthrough what jobs print; with --test, --explain the answer
 * LEDGER  every run, before it starts and when it has ended; logs are in a folder beside it
 */

import { dirname, resolve } from 'node:path';
import { defineTool, type Options, type ParsedOptions, wholeNumber } from '../cli/tool.ts';
import { lockOf } from '../ledger/schedule-lock.ts';
import { parseWait } from '../readings/duration.ts';
import { readEnvFile } from '../schedule/env-file.ts';
import { loadCrontab } from '../schedule/load-crontab.ts';
import type { Policies } from '../schedule/policies.ts';
import { POLICY_WORDS } from '../schedule/policy-words.ts';
import { runSchedule } from '../schedule/run-schedule.ts';

/** Those that are options. The time of a try between TERM and KILL is none: --grace is that of the whole schedule. */
const words = [...POLICY_WORDS].filter(([word]) => word !== 'grace');

/** The words of policies as options: for all jobs whose comments do not say otherwise. Only the manual page shows them. */
const policyOptions: Options = Object.fromEntries(
  words.map(([word, { describe, form, read }]) => [
    word,
    { type: 'text', manualOnly: true, parse: read, describe: `policy of all jobs, ${form}: ${describe}` },
  ]),
);

export default defineTool({
  name: 'schedule',
  summary: 'Run the jobs of a crontab: without overlap, with retries, logs, and a ledger of every run.',
  operands: '[CRONTAB]',
  runsCommands: true,
  reloads: true,
  options: {
    ledger: {
      type: 'text',
      env: 'ETL_LEDGER',
      default: 'runs.db',
      describe: 'the FILE that remembers every run; logs are beside it',
    },
    jobs: { type: 'text', parse: wholeNumber(1), default: '32', describe: 'maximum tries at once' },
    grace: {
      type: 'text',
      parse: parseWait,
      default: '30s',
      describe: 'after a signal, how long to wait for jobs before they are stopped',
    },
    watch: { type: 'flag', describe: 'read the crontab again when it changes, as SIGHUP does' },
    'clean-env': { type: 'flag', describe: "cron's environment for jobs, instead of this one" },
    'env-file': { type: 'text', describe: 'NAME=VALUE lines for jobs; no log shows these values' },
    output: {
      type: 'text',
      choices: ['log', 'passthrough'],
      default: 'log',
      describe: 'where jobs print to: only their logs, or stdout and stderr, too',
    },
    wait: { type: 'text', parse: parseWait, default: '10s', describe: 'how long to wait for a busy ledger' },
    ...policyOptions,
  },
  examples: [
    ['$0 &', 'the file crontab of this folder'],
    ['crontab -l | $0 -', 'your crontab'],
  ],
  notes:
    'CRONTAB: as for cron (a user column is none), with @every 5s, and CRON_TZ=ZONE for the lines below.\n' +
    'A comment above a line sets its policies:\n' +
    "  #: name=attic overlap=skip timeout=50s retries=2 catchup=last:3h on-failure='mail ...'\n" +
    'Their words are options, too, for all jobs (see the manual page).',
  files: ({ 'env-file': secrets }, [file = 'crontab'], _env) => ({
    inputs: [file, secrets ?? []].flat(),
    outputs: [],
  }),
  async *run(options, io, [file = 'crontab']) {
    const defaults = policiesOf(options);
    const envFile = options['env-file'];
    const settings = {
      ...{ ledger: options.ledger, slots: options.jobs, graceMs: options.grace, waitMs: options.wait },
      ...{ logFolder: resolve(dirname(options.ledger), 'logs'), runner: resolve(lockOf(options.ledger)) },
      ...{ watch: options.watch ? file : undefined, cwd: process.cwd() },
      ...{ cleanEnv: options['clean-env'], fileEnv: envFile === undefined ? {} : readEnvFile(envFile) },
      passthrough: options.output === 'passthrough',
    };
    await runSchedule(() => loadCrontab(file, io, defaults), settings, io);
  },
});

/** The policies that options set. */
function policiesOf(options: ParsedOptions): Partial<Policies> {
  const given = words.flatMap(([word, { key }]) =>
    options[word] === undefined ? [] : [[key, options[word]]],
  );
  return Object.fromEntries(given);
}
