/**
 * The state of a stream: a file that is replaced atomically, and used by one process at a time.
 *
 * Its lock is a file beside it, `.NAME.lock`. A run of a command has another lock, `.NAME.run`, inherited by the
 * command: if this process is killed and the command goes on, the next process waits for its end. The lock file is
 * removed once the command has ended, so processes it leaves behind hold nothing.
 */

import { basename, dirname, join } from 'node:path';
import { showAddress } from '../addresses/show.ts';
import { jittered, retry } from '../async/retry.ts';
import { errorCode, Failure, status } from '../failure.ts';
import { Busy, type Locked, openLocked } from '../files/lock.ts';
import { tryToRemove } from '../files/remove.ts';
import { replaceFile } from '../files/replace.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { readRegularFile } from '../files/whole-file.ts';
import { formatTime, parseTime } from '../readings/time.ts';
import { FINGERPRINT_LENGTH, RECENT } from './recent-events.ts';

/** A state is in use for hours: just enough for a process that is being killed. */
const LOCK_WAIT_MS = 1000;
/** Maximum size in bytes; a state has a few hundred KB. */
const LARGEST = 16 << 20;

const FINGERPRINTS = new RegExp(`^(?:[\\w-]{${FINGERPRINT_LENGTH}})*$`);

/** How far a stream has been used. */
export interface State {
  /** The last event id; empty for none. */
  readonly id: string;
  /** When it was written, in epoch milliseconds. */
  readonly time: number;
  /** Number of events used since the state began. */
  readonly events: number;
  /** Fingerprints of the last events. */
  readonly recent: readonly string[];
}

/** A state file locked by this process. */
export class StateFile {
  readonly #name: string;
  readonly #url: string;
  readonly #lock: Locked;
  readonly #path: string;
  readonly #waitMs: number;
  /** The state as read; undefined when it is new. */
  readonly before: State | undefined;

  private constructor(lock: Locked, path: string, { name, url, waitMs }: StateOptions) {
    this.#lock = lock;
    this.#path = path;
    this.#name = name;
    this.#url = url;
    this.#waitMs = waitMs;
    this.before = readState(name, url);
  }

  /**
   * Locks and reads a state, which may not exist yet.
   *
   * @throws Failure (config) when it is something else; Busy when another process uses it, or a command left behind by
   * one; Failure (no input, I/O)
   */
  static async open(options: StateOptions): Promise<StateFile> {
    const path = resolveTarget(options.name);
    const lock = await lockBeside(path, 'lock', options.name, LOCK_WAIT_MS);
    try {
      const left = await retry(() => lockBeside(path, 'run', options.name, 0), {
        timeoutMs: options.waitMs,
        pause: jittered,
        signal: options.signal,
        isTransient: (error) => error instanceof Busy,
      });
      removeAndClose(beside(path, 'run'), left);
      return new StateFile(lock, path, options);
    } catch (error) {
      removeAndClose(beside(path, 'lock'), lock);
      throw error;
    }
  }

  /** Replaces the state; durable when it resolves. @throws Failure (I/O) */
  async write({ id, time, events, recent }: State): Promise<void> {
    const state = { url: this.#url, id, time: formatTime(time), events, recent: recent.join('') };
    await replaceFile(this.#name, `${JSON.stringify(state)}\n`, { waitMs: this.#waitMs });
  }

  /** A lock for one run of a command. @throws Failure (I/O) */
  async lease(): Promise<Locked> {
    const locked = await lockBeside(this.#path, 'run', this.#name, this.#waitMs);
    const close = () => removeAndClose(beside(this.#path, 'run'), locked);
    return { descriptor: locked.descriptor, close };
  }

  /** Releases the lock. */
  close(): void {
    removeAndClose(beside(this.#path, 'lock'), this.#lock);
  }
}

interface StateOptions {
  readonly name: string;
  /** The address of the stream, without secrets. */
  readonly url: string;
  /** How long to wait for a command left behind by a killed process. */
  readonly waitMs: number;
  /** Cancels that wait. */
  readonly signal: AbortSignal;
}

function beside(path: string, suffix: 'lock' | 'run'): string {
  return join(dirname(path), `.${basename(path)}.${suffix}`);
}

function lockBeside(path: string, suffix: 'lock' | 'run', name: string, waitMs: number): Promise<Locked> {
  return openLocked({ path: beside(path, suffix), name, mode: 0o600, refuseLink: true }, { waitMs });
}

/** Removed before it is unlocked, so that the next process creates a new file. */
function removeAndClose(path: string, locked: Locked): void {
  tryToRemove(path);
  locked.close();
}

/** Undefined when there is none, or an empty file. @throws Failure (config, no input) */
function readState(name: string, url: string): State | undefined {
  let text: string;
  try {
    text = readRegularFile(name, { most: LARGEST }).toString();
  } catch (error) {
    if (error instanceof Failure && errorCode(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
  if (text.trim() === '') return undefined;
  const state = parseState(text);
  if (state === undefined) throw new Failure(status.config, `${name}: not a state of get-events`);
  if (state.url !== url)
    throw new Failure(status.config, `${name}: is the state of another stream: ${showAddress(state.url)}`);
  return state;
}

function parseState(text: string): (State & { readonly url: string }) | undefined {
  let state: Readonly<Record<string, unknown>> | null;
  try {
    state = Object(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { url, id, time: timeText, events, recent = '' } = state ?? {};
  const time = typeof timeText === 'string' ? parseTime(timeText) : undefined;
  if (typeof url !== 'string' || typeof id !== 'string' || time === undefined) return undefined;
  if (typeof events !== 'number' || !Number.isSafeInteger(events) || events < 0) return undefined;
  if (typeof recent !== 'string' || !FINGERPRINTS.test(recent)) return undefined;
  return { url, id, time, events, recent: fingerprintsIn(recent) };
}

function fingerprintsIn(text: string): string[] {
  const fingerprints: string[] = [];
  for (let at = 0; at < text.length; at += FINGERPRINT_LENGTH)
    fingerprints.push(text.slice(at, at + FINGERPRINT_LENGTH));
  return fingerprints.slice(-RECENT);
}
