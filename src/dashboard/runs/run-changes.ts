/**
 * Server-Sent Events of a ledger: `change` when it has changed, at most once a second, with the runs that may have changed.
 * Memory: the numbers of the unfinished runs, and the backlog allowed to each listener.
 */

import { poll } from '../../async/poll.ts';
import { findLost } from '../../ledger/lost.ts';
import { changedRuns, type OpenRuns, readOpenRuns } from '../../ledger/open-runs.ts';
import { isScheduleLive } from '../../ledger/schedule-lock.ts';
import { formatTime } from '../../readings/time.ts';
import { HEARTBEAT_MS, Listeners } from '../listeners.ts';
import type { RunsChangeJson } from '../page/runs/runs-json.ts';
import type { Shares } from '../shares.ts';
import type { ServedLedger } from './served-ledger.ts';

const POLL_MS = 1000;

interface ChangeSettings {
  readonly ledger: ServedLedger;
  /** Open streams of events of all kinds. */
  readonly listeners: Shares;
  /** Aborted to end all streams. */
  readonly signal: AbortSignal;
  now(): number;
  /** Called if the ledger cannot be read. */
  failed(error: unknown): void;
}

/** Notifies its listeners when runs change. */
export class RunChanges {
  readonly #settings: ChangeSettings;
  readonly #listeners: Listeners;
  readonly #encoder = new TextEncoder();
  /** The unfinished runs as of the last event; undefined if unknown. */
  #seen: OpenRuns | undefined;
  #isWatched = false;

  constructor(settings: ChangeSettings) {
    this.#settings = settings;
    this.#listeners = new Listeners(settings.listeners);
  }

  /** Answers with a stream of events. The first comes at once, since what was missed is unknown. @throws HttpError, Failure */
  async listen(client: string, drop: () => void): Promise<Response> {
    this.#listeners.mustTake(client);
    this.#watch();
    try {
      // The last state was for earlier listeners, perhaps long ago.
      if (this.#listeners.count === 0) this.#seen = await this.#look();
      return this.#listeners.add(client, drop, [await this.#event(null)]);
    } catch (error) {
      this.#listeners.give(client);
      throw error;
    }
  }

  #watch(): void {
    const { signal, failed } = this.#settings;
    if (signal.aborted) this.#listeners.close();
    if (signal.aborted || this.#isWatched) return;
    this.#isWatched = true;
    const beat = setInterval(() => this.#listeners.beat(), HEARTBEAT_MS).unref();
    signal.addEventListener('abort', () => {
      clearInterval(beat);
      this.#listeners.close();
    });
    const version = () => this.#version();
    void poll({ version, everyMs: POLL_MS, signal }, () => void this.#tell().catch(failed));
  }

  /** The same while nobody listens, so that the ledger is not read. */
  async #version(): Promise<string> {
    if (this.#listeners.count === 0) return '';
    const { reader, path } = this.#settings.ledger;
    const { runners } = await findLost((work) => reader.read(work), this.#settings.now());
    return `${reader.version()} ${await isScheduleLive(path)} ${[...runners].join(' ')}`;
  }

  async #tell(): Promise<void> {
    const before = this.#seen;
    this.#seen = await this.#look();
    if (this.#listeners.count > 0) this.#listeners.send([await this.#event(changedRuns(before, this.#seen))]);
  }

  #look(): Promise<OpenRuns | undefined> {
    return this.#settings.ledger.reader.read(readOpenRuns);
  }

  async #event(runs: readonly number[] | null): Promise<Uint8Array> {
    const { ledger, now } = this.#settings;
    const live = await isScheduleLive(ledger.path);
    const data: RunsChangeJson = { now: formatTime(now()), live, runs };
    return this.#encoder.encode(`event: change\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
