/** Requests to an SQS queue, with retries while they may help. */

import type { SQS } from '@aws-sdk/client-sqs';
import { backOff, retry } from '../../async/retry.ts';
import { Failure, isTemporary, status } from '../../failure.ts';
import { type AwsSettings, answerLimitMs, awsFailure, awsSettings } from '../../http/aws.ts';
import { NotNow } from '../../http/request.ts';
import type { QueueSettings } from '../driver.ts';
import type { SqsAddress } from './address.ts';
import { MAX_BYTES } from './message.ts';

/** SQS's maximum long-poll time, in seconds. */
export const LONGEST_POLL_S = 20;
/** Maximum timeout of a response, whatever `--wait`. */
const MAX_ANSWER_MS = 10_000;

const MISSING = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

interface Loaded {
  readonly sqs: SQS;
  readonly settings: AwsSettings;
}

interface Request {
  /** Long-poll time of the request. */
  readonly pollMs?: number;
  /** Size of the request body. */
  readonly bytes?: number;
  /** How long to retry; default: `--wait`. */
  readonly waitMs?: number;
  /** Cancels it. Undefined for requests that must finish even when the process is told to stop. */
  readonly signal?: AbortSignal;
}

type Send<Answer> = (sqs: SQS, options: { readonly abortSignal: AbortSignal }) => Promise<Answer>;

export class SqsClient {
  readonly address: SqsAddress;
  readonly settings: QueueSettings;
  #loading: Promise<Loaded> | undefined;
  #url: Promise<string> | undefined;
  /** Total body size of the requests in flight. */
  #bytesSent = 0;

  /** Does no I/O yet. */
  constructor(address: SqsAddress, settings: QueueSettings) {
    this.address = address;
    this.settings = settings;
  }

  /** Sends a request. @throws Failure (unavailable, temporary, configuration); the signal's reason on abort */
  async ask<Answer>(send: Send<Answer>, request: Request = {}): Promise<Answer> {
    const signal = ownSignal(request.signal);
    const loaded = await this.#load();
    return retry(() => this.#attempt(loaded, send, request), {
      ...{ timeoutMs: request.waitMs ?? this.settings.waitMs, pause: backOff, isTransient: isTemporary },
      ...(request.pollMs && { timeoutFrom: 'failure' }),
      ...(signal && { signal }),
      onRetry: (error) =>
        this.settings.explain(`${error instanceof Error ? error.message : error}: trying again`),
    });
  }

  /** Sends a request about the queue. */
  async askQueue<Answer>(
    send: (sqs: SQS, url: string, options: { readonly abortSignal: AbortSignal }) => Promise<Answer>,
    request?: Request,
  ): Promise<Answer> {
    const url = await this.url();
    return this.ask((sqs, options) => send(sqs, url, options), request);
  }

  /** The URL of the queue. @throws Failure (unavailable) with a hint when the queue does not exist */
  url(): Promise<string> {
    if (this.address.url !== undefined) return Promise.resolve(this.address.url);
    this.#url ??= this.urlOf(this.address.name);
    // The next call tries again.
    this.#url.catch(() => {
      this.#url = undefined;
    });
    return this.#url;
  }

  /** The URL of another queue. */
  async urlOf(QueueName: string, owner?: string): Promise<string> {
    const wanted = { QueueName, ...(owner !== undefined && { QueueOwnerAWSAccountId: owner }) };
    const { signal } = this.settings;
    const { QueueUrl } = await this.ask((sqs, options) => sqs.getQueueUrl(wanted, options), { signal });
    return this.ofSqs(QueueUrl);
  }

  /** A field that every SQS response has. @throws Failure (unavailable) when it is missing: the server is not SQS */
  ofSqs(text: string | undefined): string {
    if (text) return text;
    throw new Failure(status.unavailable, `${this.address.shown}: not an answer from SQS`);
  }

  async close(): Promise<void> {
    const loaded = await this.#loading?.catch(() => undefined);
    loaded?.sqs.destroy();
  }

  async #attempt<Answer>(
    { sqs, settings }: Loaded,
    send: Send<Answer>,
    { pollMs = 0, bytes = 0, signal }: Request,
  ): Promise<Answer> {
    const { shown } = this.address;
    this.#bytesSent += bytes;
    const answerMs = answerLimitMs(this.settings.waitMs, MAX_ANSWER_MS, this.#bytesSent);
    const late = AbortSignal.timeout(pollMs + answerMs);
    const abortSignal = signal === undefined ? late : AbortSignal.any([late, signal]);
    try {
      return await send(sqs, { abortSignal });
    } catch (error) {
      signal?.throwIfAborted();
      if (late.aborted)
        throw new NotNow(`${shown}: no answer within ${Math.round(answerMs / 1000)} s`, { cause: error });
      throw awsFailure(error, { shown, settings, hints: this.#hints() });
    } finally {
      this.#bytesSent -= bytes;
    }
  }

  #hints(): Readonly<Record<string, string>> {
    const { name, url } = this.address;
    const hint = `make it: queue-make ${url === undefined ? `sqs://${name}` : url}`;
    return Object.fromEntries(MISSING.map((error) => [error, hint]));
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#open();
    return this.#loading;
  }

  async #open(): Promise<Loaded> {
    const { region, endpoint } = this.address;
    // Longer than any request's own timeout.
    const silenceMs = LONGEST_POLL_S * 1000 + answerLimitMs(MAX_ANSWER_MS, MAX_ANSWER_MS, MAX_BYTES);
    const settings = awsSettings('SQS', { env: this.settings.env, silenceMs, region, endpoint });
    const { SQS } = await import('./library.ts');
    return { sqs: new SQS(settings), settings };
  }
}

/** A signal per request: Node warns of a leak at more than ten listeners on one signal. */
export function ownSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  return signal && AbortSignal.any([signal]);
}

/** Whether a failure means that the queue does not exist. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Failure &&
    error.status === status.unavailable &&
    error.cause instanceof Error &&
    MISSING.includes(error.cause.name)
  );
}
