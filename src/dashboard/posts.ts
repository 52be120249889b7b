/**
 * Posted rows: the same upsert as that of `load-stats`, in one transaction, one post after the other.
 *
 * A bad line is answered with its number; the others are loaded. A header that lacks a column refuses the whole post.
 * Memory: the waiting bodies, and the rows of one.
 */

import { setImmediate as idle } from 'node:timers/promises';
import type { Reject } from '../lines/line.ts';
import { splitLines } from '../lines/text-lines.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import { columnNames, columnProblem, type StatsRow } from '../readings/stats-row.ts';
import type { OnConflict, Store } from '../stores/store.ts';
import { type Body, BodyReader, busy, checkType } from './request-body.ts';
import { HttpError, jsonResponse } from './responses.ts';
import { refuseOthers, single } from './stats-query.ts';

/** How messages name the lines of a body. */
const SOURCE = 'line';
const MOST_ROWS = 250_000;
/** A body with more rejected lines is something else; to read on would only keep others waiting. */
const MOST_REJECTED = 1000;
const MOST_WAITING = 500;

const policies: readonly OnConflict[] = ['more', 'replace', 'skip'];
const parameterNames = new Set(['on-conflict']);

interface Parsed {
  readonly rows: StatsRow[];
  readonly rejected: { readonly line: number; readonly error: string }[];
}

interface PostSettings {
  readonly store: Store;
  /** Longest body in bytes. */
  readonly maxBody: number;
  /** Called after rows were loaded. */
  loaded(): void;
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
  async take(request: Request, parameters: URLSearchParams): Promise<Response> {
    refuseOthers(parameters, parameterNames);
    const onConflict = parsePolicy(single(parameters, 'on-conflict') ?? 'more');
    checkType(request);
    const body = await this.#bodies.read(request);
    try {
      return await this.#inTurn(() => this.#load(body, onConflict));
    } finally {
      body.release();
    }
  }

  /** One after the other: SQLite has one writer, and the rows of one body are enough in memory. */
  async #inTurn(work: () => Promise<Response>): Promise<Response> {
    if (this.#waiting >= MOST_WAITING) throw busy('too many posts wait');
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
    const { rows, rejected } = await parseRows(chunks);
    const [first] = rejected;
    if (rows.length === 0 && first !== undefined) {
      const error = `no line can be used: line ${first.line}: ${first.error}`;
      return jsonResponse(JSON.stringify({ error, rejected }), 400);
    }
    // Each row may be fine, and yet their columns cannot stand in one table.
    const problem = columnProblem(columnNames(rows));
    if (problem !== undefined) throw new HttpError(400, problem);
    const outcome = rows.length === 0 ? undefined : await this.#settings.store.upsert(rows, onConflict);
    if (outcome) this.#settings.loaded();
    return jsonResponse(JSON.stringify({ inserted: 0, replaced: 0, kept: 0, ...outcome, rejected }));
  }
}

function parsePolicy(text: string): OnConflict {
  const policy = policies.find((name) => name === text);
  if (policy === undefined) throw new HttpError(400, `on-conflict is not one of ${policies.join(', ')}`);
  return policy;
}

async function parseRows(chunks: readonly Buffer[]): Promise<Parsed> {
  const parsed: Parsed = { rows: [], rejected: [] };
  const reject: Reject = ({ number }, { detail }) => {
    if (parsed.rejected.length >= MOST_REJECTED)
      throw new HttpError(
        400,
        `more than ${MOST_REJECTED} lines cannot be used, such as line ${number}: ${detail}`,
      );
    parsed.rejected.push({ line: number, error: detail });
  };
  for await (const rows of readStatsRows(splitLines(withPauses(chunks), SOURCE, reject), reject)) {
    parsed.rows.push(...rows);
    if (parsed.rows.length > MOST_ROWS) throw new HttpError(413, `more than ${MOST_ROWS} rows in one post`);
  }
  return parsed;
}

/** Lets the server answer others between two chunks. */
async function* withPauses(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    await idle();
  }
}
