/** Calls to Pub/Sub, with retries while the service is away. */

import { backOff, retry } from '../../async/retry.ts';
import { isTemporary } from '../../failure.ts';
import type { QueueSettings } from '../driver.ts';
import type { Answer, Call, CallOptions, Request, Service } from './service.ts';
import type { Place } from './sign-in.ts';

/** Minimum timeout of a call, however short `--wait` is. */
const MIN_MS = 5000;
/** Maximum timeout of a call, however long `--wait` is: by then the answer is lost. */
const LONGEST_MS = 60_000;
const LONGEST_PAUSE_MS = 1000;

export class Connection {
  readonly #place: Place;
  readonly #settings: QueueSettings;
  readonly #retrying;
  #service: Promise<Service> | undefined;

  /** Does no I/O yet. */
  constructor(place: Place, settings: QueueSettings) {
    this.#place = place;
    this.#settings = settings;
    this.#retrying = {
      ...{ timeoutMs: settings.waitMs, isTransient: isTemporary },
      pause: (tried: number, leftMs: number) => Math.min(backOff(tried, leftMs), LONGEST_PAUSE_MS),
    };
  }

  /** Calls without retries. @throws Refusal; Failure (unavailable, temporary) of the sign-in */
  async once<Name extends Call>(
    name: Name,
    request: Request<Name>,
    options: CallOptions,
  ): Promise<Answer<Name>> {
    this.#service ??= this.#open();
    return (await this.#service).call(name, request, options);
  }

  /**
   * Retries while the service is away, for as long as `--wait`. The signal ends only the pauses: a call in flight still
   * gets its answer.
   *
   * @throws like `once`
   */
  ask<Name extends Call>(name: Name, request: Request<Name>): Promise<Answer<Name>> {
    const { waitMs, signal } = this.#settings;
    const timeoutMs = Math.min(Math.max(waitMs, MIN_MS), LONGEST_MS);
    const options = { timeoutMs, signal: new AbortController().signal };
    return retry(() => this.once(name, request, options), { ...this.#retrying, signal });
  }

  /** Retries an attempt that may itself wait long: the time counts from its first failure. @throws the last error */
  patiently<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    return retry(attempt, { ...this.#retrying, signal, timeoutFrom: 'failure' });
  }

  async close(): Promise<void> {
    (await this.#service?.catch(() => undefined))?.close();
  }

  async #open(): Promise<Service> {
    const [{ Service }, library] = await Promise.all([import('./service.ts'), import('./library.ts')]);
    return new Service(this.#place, library, this.#settings.env);
  }
}
