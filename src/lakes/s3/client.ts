/** The library's client, loaded with the first request, and its retries. */

import { setMaxListeners } from 'node:events';
import type { S3Client } from '@aws-sdk/client-s3';
import { backOff, retry } from '../../async/retry.ts';
import { isTemporary } from '../../failure.ts';
import { type AwsSettings, answerLimitMs, awsSettings } from '../../http/aws.ts';
import type { LakeSettings } from '../lake.ts';

/** Maximum response timeout, whatever `--wait`. */
const MAX_SILENCE_MS = 60_000;

interface Loaded {
  readonly library: typeof import('./library.ts');
  readonly client: S3Client;
  readonly settings: AwsSettings;
  /** Whether to send and request checksums, according to `AWS_REQUEST_CHECKSUM_CALCULATION`. */
  readonly hasChecksums: boolean;
}

/** Sends a request. */
export type Send<Answer> = (s3: Loaded, options: { readonly abortSignal: AbortSignal }) => Promise<Answer>;

/** Options of a request. */
export interface Asked {
  readonly signal: AbortSignal;
  /** Whether not to retry. */
  readonly isOnce: boolean;
  failureOf(error: unknown, settings: AwsSettings): unknown;
}

export class Client {
  readonly #settings: LakeSettings;
  #loading: Promise<Loaded> | undefined;

  /** Does no I/O yet. */
  constructor(settings: LakeSettings) {
    this.#settings = settings;
  }

  /** @throws Failure (configuration) */
  loaded(): Promise<Loaded> {
    this.#loading ??= load(this.#settings);
    return this.#loading;
  }

  /** Sends a request, with retries for as long as `--wait`. @throws the result of `failureOf`; the signal's reason */
  async ask<Answer>(send: Send<Answer>, { signal, isOnce, failureOf }: Asked): Promise<Answer> {
    const { waitMs, explain } = this.#settings;
    const s3 = await this.loaded();
    const attempt = async () => {
      try {
        return await send(s3, { abortSignal: signal });
      } catch (error) {
        signal.throwIfAborted();
        throw failureOf(error, s3.settings);
      }
    };
    return retry(attempt, {
      ...{ timeoutMs: isOnce ? 0 : waitMs, pause: backOff, signal, isTransient: isTemporary },
      onRetry: (error) => explain(`${error instanceof Error ? error.message : error}: trying again`),
    });
  }
}

const clients = new WeakMap<LakeSettings, Client>();

/** One client for all lakes of a run. */
export function clientOf(settings: LakeSettings): Client {
  const client = clients.get(settings) ?? new Client(settings);
  clients.set(settings, client);
  return client;
}

async function load({ env, waitMs, signal }: LakeSettings): Promise<Loaded> {
  // Every request in flight adds a listener.
  setMaxListeners(0, signal);
  const settings = awsSettings('S3', { env, silenceMs: answerLimitMs(waitMs, MAX_SILENCE_MS) });
  const library = await import('./library.ts');
  const client = new library.S3Client({ ...settings, followRegionRedirects: true });
  const { config } = client;
  // The endpoint may come from a profile, which is read with the first request.
  Object.defineProperty(config, 'forcePathStyle', { get: () => config.isCustomEndpoint === true });
  const hasChecksums = (await config.requestChecksumCalculation()) === 'WHEN_SUPPORTED';
  return { library, client, settings, hasChecksums };
}
