/** Calls the API routes of a ledger in this process. */

import { onTestFinished } from 'vitest';
import { HttpError } from '../../../src/dashboard/responses.ts';
import { createRunRoutes } from '../../../src/dashboard/runs/runs-routes.ts';
import { Shares } from '../../../src/dashboard/shares.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { LedgerReader } from '../../../src/ledger/reader.ts';
import { MINUTE, NOON } from '../../ledger/invented.ts';

/** The routes of the ledger at this path, and their failures. */
export function asking(path: string) {
  const reader = new LedgerReader(path, { waitMs: 1000, signal: new AbortController().signal });
  onTestFinished(() => reader.close());
  const failures: unknown[] = [];
  const due = { nextDueOf: (_: object, after: number) => after + MINUTE, inWords: () => 'every minute' };
  const closed = new AbortController();
  onTestFinished(() => closed.abort());
  const listeners = new Shares({ all: 3, each: 2 });
  const routes = createRunRoutes({
    ledger: { reader, path, due },
    listeners,
    signal: closed.signal,
    now: () => NOON,
    failed: (error) => failures.push(error),
  });
  /** @param asked a route with its parameters filled in, and a query */
  const answer = async (asked: string, init?: RequestInit): Promise<Response> => {
    const request = new Request(`http://localhost${asked}`, init);
    const { pathname, searchParams } = new URL(request.url);
    for (const [path, methods] of Object.entries(routes)) {
      const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
      const parts = pattern.exec(pathname)?.groups ?? (pathname === path ? {} : undefined);
      const route = methods[request.method as 'GET' | 'POST'];
      if (parts === undefined || route === undefined) continue;
      const decoded = Object.entries(parts).map(([name, value]) => [name, decodeURIComponent(value)]);
      return route({
        ...{ request, parameters: searchParams, parts: Object.fromEntries(decoded) },
        ...{ client: 'its network', address: '10.0.0.7', drop() {} },
      });
    }
    throw new HttpError(404, 'no such route');
  };
  const json = async <Json>(asked: string): Promise<Json> => {
    const response = await answer(asked).catch((error) => {
      throw failures.at(-1) ?? error;
    });
    return response.json() as Promise<Json>;
  };
  return { answer, json, failures, listeners, close: () => closed.abort() };
}

/** A row of the table `task`. */
interface TaskRow {
  readonly run: number;
  readonly task: string;
  readonly position: number;
  readonly split?: string;
  readonly item?: string;
  readonly state?: string;
  readonly tries?: number;
  readonly rows?: readonly [taken: number, out: number, rejected: number];
}

/** Adds tasks to runs, and sets the graph of these runs. */
export function addTasks(ledger: Ledger, hash: string, tasks: readonly TaskRow[]): Promise<void> {
  return ledger.write(({ sql }) => {
    for (const { run, task, position, split, item, state, tries, rows } of tasks) {
      const [rowsIn, rowsOut, rejected] = rows ?? [null, null, null];
      sql('UPDATE run SET graph = ? WHERE run = ?').run(hash, run);
      sql(
        `INSERT INTO task (run, task, position, split, item, state, hash, tries, queued, start, rows_in, rows_out, rejected)
         VALUES (?, ?, ?, ?, ?, ?, 'h', ?, ?, ?, ?, ?, ?)`,
      ).run(
        ...[run, task, position, split ?? null, item ?? null, state ?? 'success', tries ?? 1],
        ...[NOON, NOON + 1000, rowsIn, rowsOut, rejected],
      );
    }
  });
}

/** Sets the description of a job. */
export function describeJob(ledger: Ledger, job: string, about: object): Promise<void> {
  return ledger.write(({ sql }) => {
    sql('UPDATE job SET about = ? WHERE name = ?').run(JSON.stringify(about), job);
  });
}

export interface ToldEvent {
  readonly event: string;
  readonly id?: string;
  readonly data: object;
}

/** Collects the events of a stream as they come, until it ends. */
export async function toldBy(body: Response['body'], events: ToldEvent[]): Promise<void> {
  let rest = '';
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks.filter((one) => !/^(retry|:)/.test(one))) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
      events.push({ ...fields, data: JSON.parse(fields.data) });
    }
  }
}
