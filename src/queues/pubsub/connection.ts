/** Calls of Pub/Sub that are tried again while the service is away. */

import { backOff, retry } from '../../async/retry.ts';
import { isTemporary } from '../../failure.ts';
import type { QueueSettings } from '../driver.ts';
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
  readonly #patience;
  #service: Promise<Service> | undefined;

  /** Touches nothing yet. */
  constructor(place: Place, settings: QueueSettings) {
    this.#place = place;
    this.#settings = settings;
    this.#patience = {
      ...{ timeoutMs: settings.waitMs, isTransient: isTemporary },
      pause: (tried: number, leftMs: number) => Math.min(backOff(tried, leftMs), LONGEST_PAUSE_MS),
    };
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
    return retry(() => this.once(name, request, options), { ...this.#patience, signal });
  }

  /** The same for an attempt that may wait for long itself: counted from its first failure. @throws its last error */
  patiently<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    return retry(attempt, { ...this.#patience, signal, timeoutFrom: 'failure' });
  }

  async close(): Promise<void> {
    (await this.#service?.catch(() => undefined))?.close();
  }

  async #open(): Promise<Service> {
    const [{ Service }, library] = await Promise.all([import('./service.ts'), import('./library.ts')]);
    return new Service(this.#place, library, this.#settings.env);
  }
}
