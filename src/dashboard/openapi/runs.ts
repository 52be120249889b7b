/** Jobs and runs of a ledger: what is asked and posted, as OpenAPI. */

import { STATES, TRIGGERS } from '../../ledger/records.ts';
import {
  answer,
  content,
  crowded,
  failure,
  get,
  type Json,
  list,
  object,
  query,
  schema,
  text,
  time,
  whole,
  wrong,
} from './parts.ts';
import { variables } from './run-schemas.ts';

const busy = failure('the ledger is busy: try again after Retry-After');
const missing = failure('not found');

const inPath = (name: string, of: Json): Json => ({ in: 'path', name, required: true, schema: of });
const ofRun = inPath('run', whole);
const ofJob = inPath('job', text);

const found = (description: string, name: string): Json => ({
  200: answer(description, 'application/json', schema(name)),
  400: wrong,
  503: busy,
});

const limit = (usual: number, most: number): Json =>
  query('limit', 'at most this many', { ...whole, minimum: 1, maximum: most, default: usual });
const before = query('before', 'value of next from the previous page', whole);

const action = (summary: string, parameter: Json, members: Json = {}): Json => ({
  post: {
    summary,
    security: [{}, { token: [] }],
    parameters: [parameter],
    requestBody: {
      content: content('application/json', object(members, { additionalProperties: false })),
    },
    responses: {
      202: answer('the schedule carries it out', 'application/json', schema('Action')),
      400: failure('a parameter or a member of the body is wrong'),
      401: failure('the token is missing or wrong'),
      403: failure('a page of another origin may not post'),
      404: missing,
      409: failure('no process is running that could do that, or it was refused, for this reason'),
      413: failure('the body is longer than 64 KiB'),
      415: failure('not application/json'),
      429: crowded,
      503: busy,
    },
  },
});

const logAnswer: Json = {
  ...answer('bytes of the log; or events: log while it is being written, then end', 'text/plain', text),
  content: { ...content('text/plain', text), ...content('text/event-stream', text) },
  headers: {
    'X-Log-Size': { schema: whole, description: 'size of the whole log, in bytes' },
    'X-Log-Offset': { schema: whole, description: 'offset of the first byte of the answer' },
    'X-Log-Ended': { schema: { type: 'boolean' }, description: 'whether it is complete' },
  },
};

export const runPaths = {
  '/api/jobs': get(
    'jobs of the schedule, graphs that are run by hand, and former jobs',
    found('the jobs', 'Jobs'),
    [query('since', 'only jobs that have changed since the answer of this version', whole)],
  ),
  '/api/jobs/{job}/run': action('run a job now', ofJob, {
    at: { ...time, description: 'the time for which it is to run' },
    env: { ...variables, description: 'variables that its file declares' },
  }),
  '/api/jobs/{job}/pause': action('do not run a job until it is resumed', ofJob),
  '/api/jobs/{job}/resume': action('resume a paused job', ofJob),
  '/api/runs': get('runs, newest first', found('the runs', 'Runs'), [
    query('job', 'runs of this job', text),
    query('state', 'runs in this state; may be repeated', list({ enum: STATES })),
    query('trigger', 'runs with this trigger; may be repeated', list({ enum: TRIGGERS })),
    query('from', 'runs for this time or later: RFC 3339, or epoch seconds or milliseconds', text),
    query('to', 'runs for a time before this', text),
    before,
    limit(100, 1000),
  ]),
  '/api/runs/events': get('Server-Sent Events: change at once, and whenever the ledger changes', {
    200: answer('the data of an event is RunsChange', 'text/event-stream', text),
    429: crowded,
    503: busy,
  }),
  '/api/runs/{run}': get(
    'a run, its tasks and their tries',
    { ...found('the run', 'RunDetail'), 404: missing },
    [ofRun],
  ),
  '/api/runs/{run}/items': get(
    'the items of a task that is split, in their order',
    { ...found('the items', 'Items'), 404: missing },
    [
      ofRun,
      query('task', 'the task', text, { required: true }),
      query('after', 'value of next from the previous page', whole),
      limit(100, 1000),
    ],
  ),
  '/api/runs/{run}/log': get(
    'the log of a try: part of it, or followed as it is written',
    { 200: logAnswer, 400: wrong, 404: missing, 429: crowded, 503: busy },
    [
      ofRun,
      query('task', 'log of this task (default: the one tried last)', text),
      query('try', 'log of the try with this number (default: the last)', whole),
      query('offset', 'from this byte on; negative: counted from the end', { ...whole, default: 0 }),
      query('limit', 'at most this many bytes; not for events', {
        ...whole,
        ...{ minimum: 1, maximum: 1 << 20, default: 1 << 18 },
      }),
      { in: 'header', name: 'Last-Event-ID', description: 'continue at this byte', schema: whole },
    ],
  ),
  '/api/runs/{run}/stop': action('stop a run', ofRun),
  '/api/runs/{run}/retry': action('retry a run: what failed, and what follows it', ofRun, {
    task: { ...text, description: 'only this task, and what follows it' },
  }),
  '/api/grid': get('tasks by runs of a job, newest first', found('the grid', 'Grid'), [
    query('job', 'the job', text, { required: true }),
    before,
    limit(25, 100),
  ]),
  '/api/graphs/{hash}': get(
    'a file of tasks, as it was when it ran',
    { ...found('the file', 'Graph'), 404: missing },
    [inPath('hash', text)],
  ),
};
