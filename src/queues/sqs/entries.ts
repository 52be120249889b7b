/** Batch requests. Entries that failed temporarily are retried by themselves. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchResultErrorEntry, SQS } from '@aws-sdk/client-sqs';
import { atOnce } from '../../async/at-once.ts';
import { elapsedMs } from '../../async/clock.ts';
import { backOff } from '../../async/retry.ts';
import { NotNow } from '../../http/request.ts';
import { ownSignal, type SqsClient } from './client.ts';

/** SQS's maximum number of entries per request. */
export const MAX_ENTRIES = 10;
/** Maximum number of concurrent requests. */
export const REQUESTS_AT_ONCE = 16;

/** A message that SQS rejects permanently. */
export interface Refusal<Item> {
  readonly item: Item;
  readonly reason: string;
}

/** Entries it does not name count as failed. */
interface Answer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined;
}

interface Settings<Item> {
  send(
    sqs: SQS,
    url: string,
    items: readonly Item[],
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Answer>;
  /** Size of the request body. */
  readonly bytes?: number;
  /** Called with the messages that succeeded. */
  done?(items: readonly Item[]): void;
  /** Cancels it. */
  readonly signal?: AbortSignal;
  /** How long to retry; default: `--wait`. */
  readonly waitMs?: number;
}

/** Sends at most `MAX_ENTRIES` items, each with its index as `Id`. @throws Failure */
export async function sendEntries<Item>(
  client: SqsClient,
  items: readonly Item[],
  { send, bytes = 0, done, signal, waitMs = client.settings.waitMs }: Settings<Item>,
): Promise<Refusal<Item>[]> {
  const begun = elapsedMs();
  const refused: Refusal<Item>[] = [];
  for (let retried = 0, left = items; ; retried++) {
    const sent = left;
    const answer = await client.askQueue((sqs, url, options) => send(sqs, url, sent, options), {
      ...{ waitMs, bytes },
      ...(signal && { signal }),
    });
    const failed = failedOf(sent, answer);
    done?.(sent.filter((item) => !failed.has(item)));
    left = sent.filter((item) => failed.get(item)?.SenderFault === false);
    for (const item of sent) {
      const entry = failed.get(item);
      if (entry !== undefined && !left.includes(item)) refused.push({ item, reason: reasonOf(entry) });
    }
    const last = failed.get(left[0]);
    if (last === undefined) return refused;
    const leftMs = waitMs - (elapsedMs() - begun);
    if (leftMs <= 0) throw new NotNow(`${client.address.shown}: ${reasonOf(last)}`);
    const own = ownSignal(signal);
    await sleep(backOff(retried, leftMs), undefined, own && { signal: own }).catch(() => {
      signal?.throwIfAborted();
    });
  }
}

/** Sends any number of items, in as many requests as needed. @throws Failure */
export async function sendMany<Item>(
  client: SqsClient,
  items: readonly Item[],
  settings: Settings<Item>,
): Promise<Refusal<Item>[]> {
  const requests: Item[][] = [];
  for (let at = 0; at < items.length; at += MAX_ENTRIES) requests.push(items.slice(at, at + MAX_ENTRIES));
  const refused = await atOnce(requests, REQUESTS_AT_ONCE, (some) => sendEntries(client, some, settings));
  return refused.flat();
}

function failedOf<Item>(
  sent: readonly Item[],
  { Successful = [], Failed = [] }: Answer,
): ReadonlyMap<Item | undefined, BatchResultErrorEntry> {
  const done = new Set(Successful.map(({ Id }) => Number(Id)));
  const unnamed: BatchResultErrorEntry = {
    Id: '',
    Code: 'the answer does not name all messages',
    SenderFault: false,
  };
  return new Map<Item | undefined, BatchResultErrorEntry>([
    ...sent.filter((_, at) => !done.has(at)).map((item) => [item, unnamed] as const),
    ...Failed.map((entry) => [sent[Number(entry.Id)], entry] as const),
  ]);
}

function reasonOf({ Code, Message }: BatchResultErrorEntry): string {
  return [Code, Message].filter(Boolean).join(': ');
}
