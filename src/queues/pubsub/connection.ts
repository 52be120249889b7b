/** Calls of Pub/Sub that are tried again while the service is away. */

import { elapsedMs } from '../../async/clock.ts';
import { backOff, retry } from '../../async/retry.ts';
import { isTemporary } from '../../failure.ts';
import type { QueueSettings } from '../queue.ts';
import type { Answer, Call, CallOptions, Request, Service } from './service.ts';
import type { Place } from './sign-in.ts';

/** The least time for an answer, however short `--wait` is. */
const LEAST_MS = 5000;
/** The same, however long it is: by then the answer was lost. */
const LONGEST_MS = 60_000;
const LONGEST_PAUSE_MS = 1000;

export class Connection {
  readonly #place: Place;
  readonly #settings: QueueSettings;
  #service: Promise<Service> | undefined;

  /** Touches nothing yet. */
  constructor(place: Place, settings: QueueSettings) {
    this.#place = place;
    this.#settings = settings;
  }

  /** One try. @throws Refusal; Failure (unavailable, temporary) of the sign-in */
  async once<Name extends Call>(
    name: Name,
    request: Request<Name>,
    options: CallOptions,
  ): Promise<Answer<Name>> {
    this.#service ??= this.#open();
    return (await this.#service).call(name, request, options);
  }

  /**
   * Tries again while the service is away, for as long as `--wait` says. A signal ends the pauses, no call: what was begun
   * gets its answer.
   *
   * @throws the same as `once`
   */
  ask<Name extends Call>(name: Name, request: Request<Name>): Promise<Answer<Name>> {
    const { waitMs, signal } = this.#settings;
    const timeoutMs = Math.min(Math.max(waitMs, LEAST_MS), LONGEST_MS);
    const options = { timeoutMs, signal: new AbortController().signal };
    return retry(() => this.once(name, request, options), {
      ...{ timeoutMs: waitMs, signal, isTransient: isTemporary },
      pause: shortPause,
    });
  }

  /** Counts the time for which the service is away. */
  patience(): Patience {
    return new Patience(this.#settings);
  }

  async close(): Promise<void> {
    (await this.#service?.catch(() => undefined))?.close();
  }

  async #open(): Promise<Service> {
    const [{ Service }, library] = await Promise.all([import('./service.ts'), import('./library.ts')]);
    return new Service(this.#place, library, this.#settings.env);
  }
}

function shortPause(tried: number, leftMs: number): number {
  return Math.min(backOff(tried, leftMs), LONGEST_PAUSE_MS);
}

/** For what is asked again and again: how long it has failed. */
export class Patience {
  readonly #waitMs: number;
  #failedSince: number | undefined;
  #failures = 0;

  constructor({ waitMs }: Pick<QueueSettings, 'waitMs'>) {
    this.#waitMs = waitMs;
  }

  succeeded(): void {
    this.#failedSince = undefined;
    this.#failures = 0;
  }

  /** @returns how long to wait before the next try @throws the error when trying again is useless, or the time is over */
  failed(error: unknown): number {
    this.#failedSince ??= elapsedMs();
    const leftMs = this.#waitMs - (elapsedMs() - this.#failedSince);
    if (!isTemporary(error) || leftMs <= 0) throw error;
    return shortPause(this.#failures++, leftMs);
  }
}
