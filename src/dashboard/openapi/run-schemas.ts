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
  scheduled: { ...time, description: 'the time for which it runs' },
  dataStart: time,
  dataEnd: time,
  count: { ...whole, description: 'due times that it covers' },
  queued: time,
  env: variables,
  graph: { ...textOrNull, description: 'hash of the file of its tasks; null for a line of a crontab' },
  runner: { enum: ['schedule', 'run-tasks'], description: 'what executes it' },
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
  env: { ...variables, description: 'variables that can be set for a run, with their default values' },
  paused: { ...timeOrNull, description: 'since when it is paused' },
  gone: { ...timeOrNull, description: 'since when it is in no schedule' },
  recent: { ...list(recent), description: 'the last 25 runs, newest last' },
  next: timeOrNull,
  median: { ...seconds, description: 'median duration of successful runs, in seconds' },
  notices: { ...list(text), description: 'what looks wrong; missed runs only while a schedule is running' },
});

const counts: Json = {
  type: ['object', 'null'],
  additionalProperties: whole,
  description: 'number of items by state, for a task that is split',
};

const task = object({
  task: text,
  state: { enum: taskStates },
  ...result,
  queued: timeOrNull,
  item: { ...textOrNull, description: 'the item, for one item of a task that is split' },
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
  waits: { type: 'boolean', description: 'whether it waits for a condition (until)' },
  isSplit: { type: 'boolean', description: 'whether it runs once for each of its items' },
  pool: textOrNull,
  line: whole,
});

const next = { ...wholeOrNull, description: 'value of before for the next page; null at the end' };

export const runSchemas = {
  Job: job,
  Jobs: object({
    now: time,
    live: { type: 'boolean', description: 'whether a schedule is running, which can carry out requests' },
    version: { ...whole, description: 'value of since for the next request' },
    since: {
      ...wholeOrNull,
      description: 'all other jobs are unchanged since that version; null: these are all jobs',
    },
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
    next: { ...wholeOrNull, description: 'value of after for the next page; null at the end' },
  }),
  Grid: object({
    now: time,
    tasks: {
      ...list(text),
      description: 'in the order of the newest run, followed by those that it no longer has',
    },
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
    runs: {
      type: ['array', 'null'],
      items: whole,
      description: 'runs that may have changed; null: all of them',
    },
  }),
  Action: object({
    run: { ...wholeOrNull, description: 'number of the run concerned' },
    message: text,
  }),
};
