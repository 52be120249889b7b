/** A small loopback server that keeps the stats rows it receives, by key, as `load-stats http://...` expects. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import { onTestFinished } from 'vitest';

export type StoredRow = Readonly<Record<string, string>>;

export interface StoreServer {
  readonly url: string;
  /** In order of arrival. */
  readonly rows: Map<string, StoredRow>;
  readonly requests: { readonly url: string; readonly authorization: string | undefined }[];
  /** If set, responds instead of storing. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
}

export async function startServer(port = 0): Promise<StoreServer> {
  const rows = new Map<string, StoredRow>();
  const requests: StoreServer['requests'] = [];
  const server = createServer(async (request, response) => {
    const { url = '', headers } = request;
    requests.push({ url, authorization: headers.authorization });
    if (started.answer !== undefined) return started.answer(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const policy = new URL(url, 'http://localhost').searchParams.get('on-conflict') ?? 'more';
    if (headers['content-type']?.startsWith('text/csv')) store(rows, body, policy);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: open } = server.address() as AddressInfo;
  const started: StoreServer = {
    url: `http://127.0.0.1:${open}/api/stats`,
    rows,
    requests,
    answer: undefined,
  };
  return started;
}

function store(rows: Map<string, StoredRow>, body: string, policy: string): void {
  for (const row of parse<StoredRow>(body, { columns: true })) {
    const key = JSON.stringify([row.sensor, row.window, row.end]);
    const old = rows.get(key);
    const better = policy === 'replace' || (policy === 'more' && Number(row.count) >= Number(old?.count));
    if (old === undefined || better) rows.set(key, row);
  }
}
