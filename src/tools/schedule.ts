/**
 * schedule: cron in the foreground, which remembers.
 *
 * stdin   the crontab, if it is `-`       stdout  with --output passthrough what jobs print; with --test, --explain the answer
 * LEDGER  every run, before it starts and when it has ended; logs are in a folder beside it
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { defineTool, type Options, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { parseSize } from '../lines/size.ts';
import { parseDuration, parseWait } from '../readings/duration.ts';
import { loadCrontab } from '../schedule/load-crontab.ts';
import { POLICY_WORDS } from '../schedule/policy-words.ts';
import type { Policies } from '../schedule/policies.ts';
import { runSchedule } from '../schedule/run-schedule.ts';

/** The words of policies as options: defaults of all jobs. Only the manual page shows them. */
const policyOptions: Options = Object.fromEntries(
  [...POLICY_WORDS].map(([word, { describe, parse }]) => [
    word,
    { type: 'text', manualOnly: true, parse, describe: `default of the policy: ${describe}` },
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
      describe: 'where to jobs print',
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
    const load = () => loadCrontab(file, io, defaults);
    yield* runSchedule({ ...options, envFile: options['env-file'], cleanEnv: options['clean-env'] }, load, io);
  },
});
