/** What answers about jobs and runs consist of, as OpenAPI. */

import { STATES, TRIGGERS } from '../../ledger/records.ts';
import { type Json, list, object, orNull, schema, text, time, whole } from './parts.ts';

const timeOrNull = { type: ['string', 'null'], format: 'date-time' };
const textOrNull = orNull('string');
const wholeOrNull = orNull('integer');
const seconds = orNull('number');
export const variables: Json = { type: 'object', additionalProperties: text };

const taskStates = ['none', 'scheduled', ...STATES, 'upstream_failed', 'removed'];

const rows: Json = {
  type: ['object', 'null'],
  properties: { in: wholeOrNull, out: wholeOrNull, rejected: whole },
  description: 'what the tools of its last try reported',
};

/** What runs and tasks have alike. */
const result = {
  reason: textOrNull,
  tries: whole,
  status: { ...wholeOrNull, description: 'exit status of the last try' },
  start: timeOrNull,
  end: timeOrNull,
  retryAt: timeOrNull,
  rows,
};

const run = {
  run: whole,
  job: text,
  trigger: { enum: TRIGGERS },
  state: { enum: STATES },
  ...result,
  scheduled: { ...time, description: 'the time that it is for' },
  dataStart: time,
  dataEnd: time,
  count: { ...whole, description: 'due times that it stands for' },
  queued: time,
  env: variables,
  graph: { ...textOrNull, description: 'hash of the file of its tasks; null for a line of a crontab' },
  runner: { enum: ['schedule', 'run-tasks'], description: 'who does it' },
};

const recent = object({
  run: whole,
  state: { enum: STATES },
  ...{ reason: textOrNull, scheduled: time, start: timeOrNull, end: timeOrNull },
});

const job = object({
  name: text,
  kind: { enum: ['line', 'graph'] },
  schedule: text,
  words: { ...text, description: 'the schedule in words' },
  command: text,
  place: { ...text, description: 'file and line' },
  owner: textOrNull,
  description: textOrNull,
  tags: list(text),
  env: { ...variables, description: 'what may be set for a run, with what it is otherwise' },
  paused: { ...timeOrNull, description: 'since when' },
  gone: { ...timeOrNull, description: 'since when no schedule has it' },
  recent: { ...list(recent), description: 'the last 25 runs, the newest at the end' },
  next: timeOrNull,
  median: { ...seconds, description: 'seconds that successful runs take' },
  notices: { ...list(text), description: 'what looks wrong; without a schedule not that it did not run' },
});

const counts: Json = {
  type: ['object', 'null'],
  additionalProperties: whole,
  description: 'of a task that is split: how many items have which state',
};

const task = object({
  task: text,
  state: { enum: taskStates },
  ...result,
  queued: timeOrNull,
  item: { ...textOrNull, description: 'what an item of a task that is split is for' },
  items: counts,
});

const attempt = object({
  task: text,
  number: whole,
  state: { enum: ['running', 'success', 'failed', 'skipped'] },
  ...{ reason: textOrNull, status: wholeOrNull, signal: textOrNull, start: timeOrNull, end: timeOrNull },
  cpuSeconds: seconds,
  peakBytes: wholeOrNull,
});

const graphTask = object({
  name: text,
  needs: list(text),
  triggerRule: text,
  command: text,
  waits: { type: 'boolean', description: 'it waits for something' },
  isSplit: { type: 'boolean', description: 'it is done once for each of its items' },
  pool: textOrNull,
  line: whole,
});

const next = { ...wholeOrNull, description: 'before of the next page; null at the end' };

export const runSchemas = {
  Job: job,
  Jobs: object({
    now: time,
    live: { type: 'boolean', description: 'a schedule runs, which can do what is asked' },
    version: { ...whole, description: 'what to ask with as since next time' },
    since: { ...wholeOrNull, description: 'all other jobs are as in that version; null: these are all' },
    jobs: list(schema('Job')),
  }),
  Run: object(run),
  Runs: object({ now: time, runs: list(schema('Run')), next }),
  Task: task,
  Try: attempt,
  RunDetail: object({
    ...run,
    now: time,
    tasks: { ...list(schema('Task')), description: 'without items' },
    attempts: { ...list(schema('Try')), description: 'of these tasks' },
  }),
  Items: object({
    items: list(schema('Task')),
    next: { ...wholeOrNull, description: 'after of the next page; null at the end' },
  }),
  Grid: object({
    now: time,
    tasks: { ...list(text), description: 'as the newest run has them, those that are gone behind' },
    runs: list(schema('Run')),
    cells: {
      ...list(list({ anyOf: [schema('Task'), { type: 'null' }] })),
      description: 'by run, then by task; null where a run has no such task',
    },
    next,
  }),
  Graph: object({ hash: text, file: text, text, tasks: list(graphTask) }),
  RunsChange: object({
    now: time,
    live: { type: 'boolean' },
    runs: { type: ['array', 'null'], items: whole, description: 'that may have changed; null: all of them' },
  }),
  Action: object({
    run: { ...wholeOrNull, description: 'the number of the run that it is about' },
    message: text,
  }),
};
