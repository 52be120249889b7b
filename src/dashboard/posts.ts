/**
 * Rows that are posted: the same upsert as that of `load-stats`, in one transaction, one post after the other.
 *
 * A line that cannot be used is answered with its number; the others are loaded. A header that lacks a column refuses
 * the whole post. Memory: the bodies that wait, and the rows of one.
 */

import { setImmediate as idle } from 'node:timers/promises';
import type { Reject } from '../lines/line.ts';
import { splitLines } from '../lines/text-lines.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import { columnNames, columnProblem, type StatsRow } from '../readings/stats-row.ts';
import type { OnConflict, Store } from '../stores/store.ts';
import { Bodies, type Body, busy, checkType } from './request-body.ts';
import { json, Refusal } from './responses.ts';
import { refuseOthers, single } from './stats-query.ts';

/** What lines of a body are called in messages. */
const SOURCE = 'line';
const MOST_ROWS = 250_000;
/** A body with more of them is something else; to read on would only keep others waiting. */
const MOST_REJECTED = 1000;
const MOST_WAITING = 500;

const policies: readonly OnConflict[] = ['more', 'replace', 'skip'];
const parameterNames = new Set(['on-conflict']);

interface Parsed {
  readonly rows: StatsRow[];
  readonly rejected: { readonly line: number; readonly error: string }[];
}

export interface PostSettings {
  readonly store: Store;
  /** In bytes. */
  readonly maxBody: number;
  /** Rows were loaded. */
  loaded(): void;
}

export class Posts {
  readonly #settings: PostSettings;
  readonly #bodies: Bodies;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: PostSettings) {
    this.#settings = settings;
    this.#bodies = new Bodies(settings.maxBody);
  }

  /** @throws Refusal, or the store's Failure; nothing is loaded then */
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
      return json(JSON.stringify({ error, rejected }), 400);
    }
    // Two rows may each be fine, and their columns not stand in one table.
    const problem = columnProblem(columnNames(rows));
    if (problem !== undefined) throw new Refusal(400, problem);
    const outcome = rows.length === 0 ? undefined : await this.#settings.store.upsert(rows, onConflict);
    if (outcome) this.#settings.loaded();
    return json(JSON.stringify({ inserted: 0, replaced: 0, kept: 0, ...outcome, rejected }));
  }
}

function parsePolicy(text: string): OnConflict {
  const policy = policies.find((name) => name === text);
  if (policy === undefined) throw new Refusal(400, `on-conflict is not one of ${policies.join(', ')}`);
  return policy;
}

async function parseRows(chunks: readonly Buffer[]): Promise<Parsed> {
  const parsed: Parsed = { rows: [], rejected: [] };
  const reject: Reject = ({ number }, { detail }) => {
    if (parsed.rejected.length >= MOST_REJECTED)
      throw new Refusal(
        400,
        `more than ${MOST_REJECTED} lines cannot be used, such as line ${number}: ${detail}`,
      );
    parsed.rejected.push({ line: number, error: detail });
  };
  for await (const rows of readStatsRows(splitLines(unhurried(chunks), SOURCE, reject), reject)) {
    parsed.rows.push(...rows);
    if (parsed.rows.length > MOST_ROWS) throw new Refusal(413, `more than ${MOST_ROWS} rows in one post`);
  }
  return parsed;
}

/** Between two chunks the server answers others. */
async function* unhurried(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    await idle();
  }
}
