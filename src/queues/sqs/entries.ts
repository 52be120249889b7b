/** Requests for several messages, of which some may fail: these are sent once more, by themselves. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchResultErrorEntry, SQS } from '@aws-sdk/client-sqs';
import { atOnce } from '../../async/at-once.ts';
import { elapsedMs } from '../../async/clock.ts';
import { backOff } from '../../async/retry.ts';
import { NotNow } from '../../http/request.ts';
import { ownSignal, type SqsClient } from './client.ts';

/** The most messages of a request. */
export const MOST_ENTRIES = 10;
/** Requests for many messages that are under way at once. */
export const REQUESTS_AT_ONCE = 16;

/** A message that SQS will not do this with, however often it is asked. */
export interface Refusal<Item> {
  readonly item: Item;
  readonly reason: string;
}

/** An entry that it does not name has not been done. */
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
  /** What is sent. */
  readonly bytes?: number;
  /** Hears of those with which it is done. */
  done?(items: readonly Item[]): void;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** How long to try; `--wait` by default. */
  readonly waitMs?: number;
}

/** One request of at most `MOST_ENTRIES`, in which each `Id` is an index. @throws Failure */
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

/** Any number of messages, in as many requests as that needs. @throws Failure */
export async function sendMany<Item>(
  client: SqsClient,
  items: readonly Item[],
  settings: Settings<Item>,
): Promise<Refusal<Item>[]> {
  const requests: Item[][] = [];
  for (let at = 0; at < items.length; at += MOST_ENTRIES) requests.push(items.slice(at, at + MOST_ENTRIES));
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
