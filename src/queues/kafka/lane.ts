/**
 * The messages of a partition that is ours: those that were fetched, and the batches that are out.
 *
 * What is committed is the offset behind the last message before which all are done, and with it, as text, the batches behind
 * it: whoever has the partition next gives the same ones, and none that is done.
 */

import type { StoredMessage } from '../queue.ts';
import { hasKeys, type Out, outOf } from './out.ts';
import { finished, formatRanges, parseRanges, type Range } from './ranges.ts';
import type { Trouble } from './trouble.ts';

/** Maximum number of batches in the text that is committed: more would not fit. */
const MOST_OUT = 150;

/** Memory of a message besides its body; some of it stays in use for a while after the message is given. */
const MESSAGE_BYTES = 1000;

export interface Wanted {
  readonly count: number;
  readonly bytes: number;
  readonly lingerMs: number;
  readonly isLoose?: boolean;
}

interface State {
  readonly offset: number;
  readonly text: string;
}

export class Lane {
  readonly partition: number;
  readonly topicId: string;
  /** Whether nobody else can have taken from it since it was made. */
  isOurs = true;
  /** Behind the last message that was fetched. */
  fetchOffset: number;
  /** Behind the last message that can be fetched, when it was last looked. */
  end: number;
  trouble: Trouble | undefined;
  /** What was committed last. */
  #committed = '';
  #messages: StoredMessage[] = [];
  #at = 0;
  #bytes = 0;
  #seenMs = 0;
  #out: Out[] = [];
  /** Batches of who had the partition before. */
  #left: Range[];

  constructor(partition: number, topicId: string, { offset, text }: State) {
    this.partition = partition;
    this.topicId = topicId;
    this.fetchOffset = offset;
    this.end = offset;
    this.#left = parseRanges(text, offset);
  }

  get buffered(): { readonly count: number; readonly bytes: number } {
    return { count: this.#messages.length - this.#at, bytes: this.#bytes };
  }

  /** Bytes of memory. */
  get held(): number {
    return this.#bytes + this.buffered.count * MESSAGE_BYTES;
  }

  /** Whether there is more to fetch, as far as is known. */
  get hasMore(): boolean {
    return this.fetchOffset < this.end;
  }

  /** Whether a batch of who had the partition before is not fetched as a whole: it may be longer than what is asked for now. */
  get isCut(): boolean {
    const left = this.#left.find(({ isDone }) => !isDone);
    return left !== undefined && this.fetchOffset <= left.last;
  }

  /** Whether a batch is out. */
  get isOut(): boolean {
    return this.#out.some(({ isDone }) => !isDone);
  }

  /** Whether nothing that is known of is left to give. */
  get isIdle(): boolean {
    return this.buffered.count === 0 && !this.hasMore && !this.isOut;
  }

  /** What to commit now. */
  get state(): State {
    while (this.#out[0]?.isDone) this.#out.shift();
    const offset = this.#out[0]?.first ?? this.#messages[this.#at]?.sequence ?? this.fetchOffset;
    return { offset, text: formatRanges([...this.#out, ...this.#left], offset) };
  }

  /** Whether its state was committed. */
  get isCommitted(): boolean {
    return this.#committed === shown(this.state);
  }

  committed(state: State): void {
    this.#committed = shown(state);
  }

  add(messages: readonly StoredMessage[], nowMs: number): void {
    if (this.buffered.count === 0) {
      this.#messages = [];
      this.#at = 0;
      this.#seenMs = nowMs;
    }
    for (const message of messages) {
      this.#messages.push(message);
      this.#bytes += message.body.length;
    }
  }

  /** Forgets what was fetched, and fetches from here on. */
  moveTo(offset: number): void {
    this.#messages = [];
    this.#at = 0;
    this.#bytes = 0;
    this.#left = [];
    this.fetchOffset = offset;
  }

  /** The next batch, which is not out yet; or the milliseconds until one may be ready. */
  next(
    { count, bytes, lingerMs, isLoose = false }: Wanted,
    nowMs: number,
  ): readonly StoredMessage[] | number {
    this.#skipGone();
    if (isLoose) this.#left = this.#left.filter(({ isDone }) => isDone);
    if (this.#out.length + this.#left.length >= MOST_OUT && this.isOut) return Infinity;
    const first = this.#messages[this.#at];
    if (first?.sequence === undefined) return Infinity;
    const left = this.#left[0];
    const isAgain = left !== undefined && left.first <= first.sequence;
    const limit = left === undefined ? Infinity : isAgain ? left.last + 1 : left.first;
    let at = this.#at;
    let isFull = false;
    for (let size = 0; at < this.#messages.length && !isFull; ) {
      const message = this.#messages[at];
      if (message === undefined) break;
      size += message.body.length;
      isFull =
        (message.sequence ?? 0) >= limit ||
        (!isAgain && (at - this.#at >= count || (at > this.#at && size > bytes)));
      if (!isFull) at++;
    }
    isFull ||= this.fetchOffset >= limit || (!isAgain && at - this.#at >= count);
    const messages = this.#messages.slice(this.#at, at);
    if (this.#mustWait(messages)) return Infinity;
    if (isFull) return messages;
    if (isAgain || this.fetchOffset < this.end) return Infinity;
    const waitMs = this.#seenMs + lingerMs - nowMs;
    return waitMs > 0 ? waitMs : messages;
  }

  /** Messages of one key stay in order: one batch at a time. */
  #mustWait(messages: readonly StoredMessage[]): boolean {
    if (!this.isOut) return false;
    return hasKeys(messages) || this.#out.some(({ isKeyed, isDone }) => isKeyed && !isDone);
  }

  /** It is out from now on. */
  give(messages: readonly StoredMessage[], nowMs: number): void {
    this.#at += messages.length;
    for (const { body } of messages) this.#bytes -= body.length;
    // No more memory of those that are gone than of those that are left.
    if (this.#at >= this.#messages.length / 2) {
      this.#messages = this.#messages.slice(this.#at);
      this.#at = 0;
    }
    this.#seenMs = nowMs;
    const out = outOf(messages);
    this.#left = this.#left.filter(({ last }) => last > out.last);
    this.#out.push(out);
  }

  /** The batch that begins with this message is done. */
  finish(first: number): void {
    this.#out = finished(this.#out, first);
  }

  /** In place of a batch come its parts. */
  split(parts: readonly (readonly StoredMessage[])[]): void {
    const outs = parts.map(outOf);
    this.#out = this.#out.flatMap((each) => (each.first === outs[0]?.first ? outs : [each]));
  }

  /** What was done behind what was not, is not given again; nor are batches of which no message is stored any more. */
  #skipGone(): void {
    for (let left = this.#left[0]; left !== undefined; left = this.#left[0]) {
      const first = this.#messages[this.#at]?.sequence ?? this.fetchOffset;
      if (left.last < first) {
        this.#left.shift();
        continue;
      }
      if (!left.isDone) return;
      if (first < left.first) return;
      if (this.isOut) this.#out.push({ ...left, isKeyed: false });
      for (
        let next = this.#messages[this.#at];
        next && (next.sequence ?? 0) <= left.last;
        next = this.#messages[this.#at]
      ) {
        this.#bytes -= next.body.length;
        this.#at++;
      }
      if (this.buffered.count === 0 && this.fetchOffset <= left.last) this.fetchOffset = left.last + 1;
      this.#left.shift();
    }
  }
}

function shown({ offset, text }: State): string {
  return `${offset} ${text}`;
}
