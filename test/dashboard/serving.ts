/** Starts the real serve-stats on a free port, and sends it requests. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Ended, ended, privateFolder, type RunOptions, start } from '../harness.ts';
import { csv, HEADER } from '../stores/rows.ts';

export interface Served {
  /** With a trailing slash. */
  readonly url: string;
  readonly store: string;
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
  ask(path: string, request?: RequestInit): Promise<Response>;
  json(path: string): Promise<unknown>;
  post(body: string | Buffer, headers?: Record<string, string>, query?: string): Promise<Response>;
}

/** A server for this store, or for a new one; stopped after the test. */
export async function serving(
  words: readonly string[] = [],
  { store, ...setting }: RunOptions & { store?: string } = {},
): Promise<Served> {
  const path = store ?? join(await privateFolder(), 'stats.db');
  const child = start('serve-stats', ['--port', '0', path, ...words], setting);
  const end = ended(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await end;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trimEnd()));
    void end.then(({ stderr }) => reject(new Error(`it did not start: ${stderr}`)));
  });
  const ask = (asked: string, request?: RequestInit) => fetch(new URL(asked, url), request);
  return {
    ...{ url, store: path, child, end, ask },
    json: async (asked) => (await ask(asked)).json(),
    post: (body, headers = {}, query = '') =>
      ask(`/api/stats${query}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/csv', ...headers },
      }),
  };
}

/** The row of the rolling hour that ends at the `minute`th minute of 2026. */
export function rolling(sensor: string, minute: number, value = 20): string {
  const time = (at: number) => new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString().replace('.000', '');
  return `${sensor},all,${time(minute - 59)},${time(minute)},60,${value - 1},${value + 1},${value}`;
}

export function rollingRows(sensor: string, minutes: number, value?: (minute: number) => number): string {
  return csv(HEADER, ...Array.from({ length: minutes }, (_, at) => rolling(sensor, at, value?.(at))));
}

/** The response to these bytes, until the server closes the connection. */
export function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

export interface SentEvent {
  readonly event: string;
  readonly id: string;
  readonly data: { series: { sensor: string; window: string; rows: number }[] };
}

/** Receives events until the test ends. */
export async function listening(served: Served, lastId?: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
  const response = await served.ask('/api/events', { headers, signal: stop.signal });
  const events: SentEvent[] = [];
  const listener = { response, events, stop: () => stop.abort(), hasEnded: false };
  void readEvents(response, events)
    .catch(() => {})
    .finally(() => {
      listener.hasEnded = true;
    });
  return listener;
}

async function readEvents(response: Response, events: SentEvent[]): Promise<void> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
      if (fields.data !== undefined) events.push({ ...fields, data: JSON.parse(fields.data) });
    }
  }
}

/** Peak memory of a process in MiB. */
export function peakMemory({ pid }: ChildProcess): number {
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
