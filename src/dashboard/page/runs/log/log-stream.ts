/** Reads logs from the server: a stream of events as they grow, and byte ranges. */

import { whileSeen } from '../../shell/while-seen.ts';
import type { LogEvent } from '../runs-json.ts';
import type { LogPart } from './log-window.ts';

const AGAIN_MS = 3000;
const LONGEST_MS = 30_000;

/** Identifies the log of a try. */
export interface LogName {
  readonly run: number;
  readonly task: string;
  readonly attempt: number;
}

export interface LogListener {
  part(part: LogPart): void;
  /** The try is over, and the log is complete. */
  ended(): void;
  connected(isConnected: boolean): void;
}

/** The relative URL of a log as text. */
export function logAddress(
  { run, task, attempt }: LogName,
  more: Readonly<Record<string, string>> = {},
): string {
  return `api/runs/${run}/log?${new URLSearchParams({ task, try: String(attempt), ...more })}`;
}

/**
 * Streams a log from a byte on. A lost connection resumes at the next byte: EventSource reconnects by itself, except after
 * an error response, which this module handles. A hidden page has no connection.
 *
 * @returns a function that ends it
 */
export function listenToLog(name: LogName, offset: number, listener: LogListener): () => void {
  let next = offset;
  let source: EventSource | undefined;
  let timer: number | undefined;
  const connect = () => {
    const opened = new EventSource(logAddress(name, { offset: String(next) }));
    source = opened;
    opened.onopen = () => listener.connected(true);
    opened.onerror = () => {
      listener.connected(false);
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
    };
    opened.addEventListener('log', ({ data, lastEventId }: MessageEvent<string>) => {
      const event: LogEvent = JSON.parse(data);
      next = Number(lastEventId);
      listener.part({ offset: event.offset, end: next, text: event.text });
    });
    opened.addEventListener('end', () => {
      stop();
      listener.ended();
    });
  };
  const stop = whileSeen(document, {
    begin: connect,
    end() {
      clearTimeout(timer);
      source?.close();
    },
  });
  return stop;
}

/** A byte range of a log. */
export interface LogBytes {
  readonly bytes: Uint8Array;
  /** Of the first byte. */
  readonly offset: number;
  /** Size of the whole log in bytes. */
  readonly size: number;
}

/**
 * Reads a byte range of a log; undefined if there is no log.
 *
 * @param offset in bytes; negative counts from the end
 * @throws Error with a message for the user
 */
export async function fetchLog(
  name: LogName,
  offset: number,
  limit: number,
  signal: AbortSignal,
): Promise<LogBytes | undefined> {
  const address = logAddress(name, { offset: String(offset), limit: String(limit) });
  const response = await fetch(address, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`the server says: ${response.status} ${response.statusText}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const number = (header: string) => Number(response.headers.get(header));
  return { bytes, offset: number('x-log-offset'), size: number('x-log-size') };
}
