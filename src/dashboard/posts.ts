/**
 * Loads posted rows by the same upsert as `load-stats`: one transaction per post, one post after another.
 *
 * Bad lines are reported by number, and the others loaded; a header that lacks a column rejects the whole post.
 * Memory: the waiting bodies, and the rows of one.
 */

import { setImmediate as idle } from 'node:timers/promises';
import { errorText } from '../failure.ts';
import type { Line, Reject } from '../lines/line.ts';
import { splitLines } from '../lines/text-lines.ts';
import type { FutureCheck } from '../readings/ahead.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import { columnNames, columnProblem, type StatsRow } from '../readings/stats-row.ts';
import { nothingDone, type OnConflict, type Store } from '../stores/store.ts';
import { type Body, BodyReader, checkType } from './request-body.ts';
import { busy, HttpError, jsonResponse } from './responses.ts';
import { refuseOthers, single } from './stats-query.ts';

/** How messages name the lines of a body. */
const SOURCE = 'line';
const MAX_ROWS = 250_000;
/** A body with more rejected lines is something else; reading on would only delay others. */
const MAX_REJECTED = 1000;
const MAX_WAITING = 500;

const policies: readonly OnConflict[] = ['more', 'replace', 'skip'];
const parameterNames = new Set(['on-conflict']);

interface Rejected {
  readonly line: number;
  readonly error: string;
}

interface Parsed {
  readonly rows: StatsRow[];
  readonly lines: ReadonlyMap<StatsRow, number>;
  readonly rejected: Rejected[];
}

interface PostSettings {
  readonly store: Store;
  /** Longest body in bytes. */
  readonly maxBody: number;
  readonly future: FutureCheck;
  /** Called after rows were loaded. */
  loaded(): void;
  /** Called with the row counts of each post that was read. */
  count(rows: { readonly in: number; readonly out: number; readonly rejected: number }): void;
}

/** Loads posted rows. */
export class Posts {
  readonly #settings: PostSettings;
  readonly #bodies: BodyReader;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: PostSettings) {
    this.#settings = settings;
    this.#bodies = new BodyReader(settings.maxBody);
  }

  /** Answers a post with what became of its rows. @throws HttpError, or the store's Failure: then nothing is loaded */
  async take(request: Request, parameters: URLSearchParams, client: string): Promise<Response> {
    refuseOthers(parameters, parameterNames);
    const onConflict = parsePolicy(single(parameters, 'on-conflict') ?? 'more');
    checkType(request);
    const body = await this.#bodies.read(request, client);
    try {
      return await this.#inTurn(() => this.#load(body, onConflict));
    } finally {
      body.release();
    }
  }

  /** One post after another: SQLite has one writer, and the rows of one body are enough in memory. */
  async #inTurn(work: () => Promise<Response>): Promise<Response> {
    if (this.#waiting >= MAX_WAITING) throw busy('too many posts are waiting');
    this.#waiting += 1;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #load({ chunks }: Body, onConflict: OnConflict): Promise<Response> {
    const { rows, lines, rejected } = await parseRows(chunks, this.#settings.future);
    const read = rows.length + rejected.length;
    const count = (out: number) => this.#settings.count({ in: read, out, rejected: read - out });
    if (rows.length === 0 && rejected.length > 0) {
      count(0);
      return nothingUsed(rejected);
    }
    // Each row may be valid, and yet their columns not fit into one table.
    const problem = columnProblem(columnNames(rows));
    if (problem !== undefined) throw new HttpError(400, problem);
    const outcome = rows.length === 0 ? undefined : await this.#settings.store.upsert(rows, onConflict);
    const { refused, ...counts } = outcome ?? nothingDone;
    if (rows.length > refused.length) this.#settings.loaded();
    count(rows.length - refused.length);
    // The cause, unlike the failure, does not reveal the store's address.
    for (const { row, failure } of refused)
      rejected.push({ line: lines.get(row) ?? 0, error: errorText(failure.cause) });
    rejected.sort((a, b) => a.line - b.line);
    if (rows.length > 0 && rows.length === refused.length) return nothingUsed(rejected);
    return jsonResponse(JSON.stringify({ ...counts, rejected }));
  }
}

function nothingUsed(rejected: readonly Rejected[]): Response {
  const [first] = rejected;
  const error = `no line can be used: line ${first?.line}: ${first?.error}`;
  return jsonResponse(JSON.stringify({ error, rejected }), 400);
}

function parsePolicy(text: string): OnConflict {
  const policy = policies.find((name) => name === text);
  if (policy === undefined) throw new HttpError(400, `on-conflict is not one of ${policies.join(', ')}`);
  return policy;
}

async function parseRows(chunks: readonly Buffer[], future: FutureCheck): Promise<Parsed> {
  const lines = new Map<StatsRow, number>();
  const parsed: Parsed = { rows: [], lines, rejected: [] };
  const reject: Reject = ({ number }, { detail }) => {
    if (parsed.rejected.length >= MAX_REJECTED)
      throw new HttpError(
        400,
        `more than ${MAX_REJECTED} lines cannot be used, such as line ${number}: ${detail}`,
      );
    parsed.rejected.push({ line: number, error: detail });
  };
  const arriving = splitLines(withPauses(chunks), SOURCE, reject);
  const options = {
    check: (row: StatsRow) => future.rowRejection(row),
    onRow: (row: StatsRow, { number }: Line) => lines.set(row, number),
  };
  for await (const rows of readStatsRows(arriving, reject, options)) {
    parsed.rows.push(...rows);
    if (parsed.rows.length > MAX_ROWS) throw new HttpError(413, `more than ${MAX_ROWS} rows in one post`);
  }
  return parsed;
}

/** Yields to the event loop between chunks. */
async function* withPauses(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    await idle();
  }
}
