/** Shows the log of one try: first its end, then what is appended, and earlier lines on request. */

import type { LogPane } from './log-pane.ts';
import { fetchLog, type LogName, listenToLog } from './log-stream.ts';
import { isSaid, type LogPart, wholeLines } from './log-window.ts';

/** How much of the end of a large log to show first, and how much to load at a time. */
const LAST_BYTES = 262_144;
const EARLIER_BYTES = 262_144;
/** Delay before retrying to open a log. */
const AGAIN_MS = 3000;

export interface LogStatus {
  /** Whether its size is known. */
  readonly isOpen: boolean;
  /** Known size in bytes. */
  readonly size: number;
  readonly isEnded: boolean;
  readonly isLost: boolean;
  /** Whether it did not exist when it was opened. */
  readonly isMissing: boolean;
  /** Whether the box shows the end of the known log. */
  readonly isAtEnd: boolean;
}

export interface LogSession {
  status(): LogStatus;
  /** Loads lines before the first; does nothing at the beginning. */
  earlier(): Promise<void>;
  /** Shows the end again. */
  toEnd(): void;
  /** Stops following the log. */
  close(): void;
}

/** @param changed called after each change @param fail shows an error; undefined clears it */
export function openLog(
  name: LogName,
  pane: LogPane,
  changed: () => void,
  fail: (error: unknown) => void,
): LogSession {
  const closing = new AbortController();
  let stop: (() => void) | undefined;
  let status: LogStatus = {
    isOpen: false,
    size: 0,
    isEnded: false,
    isLost: false,
    isMissing: false,
    isAtEnd: true,
  };
  let isLoading = false;
  /** Parts to draw in the next frame, so that a fast log is drawn only once per frame. */
  let waiting: LogPart[] = [];
  let frame: number | undefined;
  const set = (change: Partial<LogStatus>) => {
    status = { ...status, ...change };
    changed();
  };
  const flush = () => {
    frame = undefined;
    const parts = waiting;
    waiting = [];
    if (closing.signal.aborted || !status.isAtEnd) return;
    for (const part of parts) pane.append(part);
    changed();
  };
  const listen = (offset: number) => {
    stop?.();
    stop = listenToLog(name, offset, {
      part(part) {
        status = { ...status, size: isSaid(part) ? part.end : Math.max(status.size, part.end) };
        if (status.isAtEnd) waiting.push(part);
        frame ??= requestAnimationFrame(flush);
      },
      ended: () => set({ isEnded: true, isLost: false }),
      connected: (isConnected) => set({ isLost: !isConnected }),
    });
  };
  let again: number | undefined;
  const open = async () => {
    clearTimeout(again);
    try {
      await load();
      if (again !== undefined) fail(undefined);
      again = undefined;
    } catch (error) {
      if (closing.signal.aborted) return;
      again = setTimeout(open, AGAIN_MS);
      fail(error);
    }
  };
  const load = async () => {
    const last = await fetchLog(name, -LAST_BYTES, LAST_BYTES, closing.signal);
    const { bytes, offset: start, size } = last ?? { bytes: new Uint8Array(), offset: 0, size: 0 };
    const parts = wholeLines(bytes, start);
    pane.clear(parts[0]?.offset ?? start + bytes.length);
    status = { ...status, isAtEnd: true, isEnded: false };
    for (const part of parts) pane.append(part);
    set({ isOpen: true, isMissing: last === undefined, size });
    listen(pane.span().to);
  };
  const attempt = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (!closing.signal.aborted) fail(error);
    });
  void open();
  return {
    status: () => status,
    async earlier() {
      const { from } = pane.span();
      if (isLoading || from === 0) return;
      isLoading = true;
      const start = Math.max(0, from - EARLIER_BYTES);
      await attempt(
        fetchLog(name, start, from - start, closing.signal).then((part) => {
          if (part !== undefined) pane.prepend(wholeLines(part.bytes, start));
          set({ isAtEnd: pane.span().to >= status.size });
        }),
      );
      isLoading = false;
    },
    toEnd() {
      if (!status.isAtEnd) void open();
    },
    close() {
      closing.abort();
      clearTimeout(again);
      stop?.();
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
