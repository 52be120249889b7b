/**
 * A minimal BigQuery REST API for one dataset, in the test's own process: it responds as documented by Google, understands no
 * SQL, and records its requests.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from '../../http/server.ts';

interface JobError {
  readonly reason: string;
  readonly message: string;
}

/** Settings of a test. */
interface Behaviour {
  /** How a job ends; undefined for success. Called once per job. */
  endOf?(job: Job): JobError | undefined;
  /** Responds to a request differently, and returns true. */
  answer?(request: IncomingMessage, response: ServerResponse, body: string): boolean;
  /** For how many polls a job is still running. */
  readonly polls?: number;
}

export interface Job {
  readonly id: string;
  readonly location: string;
  /** For statements. */
  readonly sql?: string;
  /** For load jobs: the configuration, and the rows. */
  readonly load?: Record<string, unknown>;
  readonly csv?: string;
}

export interface Google {
  /** Its origin, without a trailing slash. */
  readonly address: string;
  readonly jobs: Job[];
  /** All requests. */
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly authorization: string | undefined;
  }[];
  /** The columns of the table; undefined until it exists. */
  fields: readonly { readonly name: string; readonly type: string }[] | undefined;
}

/** Its dataset is `project.rows`, in Zurich, and its table is `t`. */
export async function google(behaviour: Behaviour = {}): Promise<Google> {
  const { endOf, answer, polls = 0 } = behaviour;
  const known = new Map<string, { readonly error: JobError | undefined; left: number }>();
  const server: Google = { address: '', jobs: [], requests: [], fields: undefined };
  const stateOf = (id: string) => {
    const job = known.get(id);
    if (job === undefined) return notFound(`Job project:${id}`);
    const state = job.left-- > 0 ? 'RUNNING' : 'DONE';
    const errorResult = state === 'DONE' ? job.error : undefined;
    return { code: 200, body: { status: { state, ...(errorResult && { errorResult }) } } };
  };
  const insert = (job: Job) => {
    if (known.has(job.id)) return failure(409, 'duplicate', `Already Exists: Job project:EU.${job.id}`);
    server.jobs.push(job);
    if (job.sql?.startsWith('CREATE TABLE IF')) server.fields ??= fieldsIn(job.sql);
    known.set(job.id, { error: endOf?.(job), left: polls });
    return stateOf(job.id);
  };
  const respond = (method: string, url: string, body: string, type: string) => {
    const { pathname } = new URL(url, 'http://google');
    if (pathname.startsWith('/upload/')) return insert(uploadIn(body, type));
    const [what = '', name = ''] = pathname.replace('/bigquery/v2/projects/project/', '').split('/');
    if (method === 'POST') return insert(statementIn(body));
    if (method === 'DELETE') return { code: 204, body: undefined };
    if (what === 'jobs') return stateOf(name);
    if (name !== 'rows') return notFound(`Dataset project:${name}`);
    if (!pathname.includes('/tables/')) return { code: 200, body: { location: 'europe-west6' } };
    if (server.fields === undefined) return notFound('Table project:rows.t');
    return { code: 200, body: { schema: { fields: server.fields } } };
  };
  const address = await serve(async (request, response) => {
    const { method = '', url = '', headers } = request;
    server.requests.push({ method, url, authorization: headers.authorization });
    const body = await text(request);
    if (answer?.(request, response, body)) return;
    const { code, body: document } = respond(method, url, body, headers['content-type'] ?? '');
    response.writeHead(code).end(document && JSON.stringify(document));
  });
  return Object.assign(server, { address });
}

export function failure(code: number, reason: string, message: string) {
  return { code, body: { error: { code, message, errors: [{ reason, message }] } } };
}

function notFound(what: string) {
  return failure(404, 'notFound', `Not found: ${what}`);
}

function statementIn(body: string): Job {
  const { jobReference, configuration } = JSON.parse(body);
  return { id: jobReference.jobId, location: jobReference.location, sql: configuration.query.query };
}

function uploadIn(body: string, type: string): Job {
  const [, boundary = ''] = /^multipart\/related; boundary=(\S+)$/.exec(type) ?? [];
  const [, job = '', csv = '', end] = body
    .split(`--${boundary}`)
    .map((part) => part.replace(/^\r\n|\r\n$/g, ''));
  if (end !== '--') throw new Error(`not a multipart body: ${body}`);
  const { jobReference, configuration } = JSON.parse(contentOf(job));
  const { jobId: id, location } = jobReference;
  return { id, location, load: configuration.load, csv: contentOf(csv) };
}

/** The body after the headers. */
function contentOf(part: string): string {
  return part.slice(part.indexOf('\r\n\r\n') + 4);
}

function fieldsIn(sql: string) {
  return [...sql.slice(sql.indexOf('(')).matchAll(/`(.*?)` (\w+)/g)].map(([, name = '', type = '']) => ({
    name,
    type,
  }));
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}
