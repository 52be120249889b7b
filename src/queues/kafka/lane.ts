/**
 * A partition assigned to this taker: its fetched messages and its batches in flight.
 *
 * Commits the offset up to which all messages are done. The commit's metadata lists the batches after it, so that the
 * next owner of the partition redelivers the same batches, and none that is done.
 */

import type { StoredMessage } from '../queue.ts';
import { hasKeys, type Out, outOf } from './out.ts';
import { finished, formatRanges, parseRanges, type Range } from './ranges.ts';
import type { Trouble } from './trouble.ts';

/** Maximum number of batches in the commit metadata: more would not fit. */
const MAX_OUT = 150;

/** Memory of a message besides its body; part of it stays in use for a while after delivery. */
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
  /** False once another member may have taken from the partition. */
  isOurs = true;
  /** The offset after the last fetched message. */
  fetchOffset: number;
  /** The offset after the last message that can be fetched, as of the last fetch. */
  end: number;
  trouble: Trouble | undefined;
  /** The last committed state. */
  #committed = '';
  #messages: StoredMessage[] = [];
  #at = 0;
  #bytes = 0;
  #seenMs = 0;
  #out: Out[] = [];
  /** Batches left by the previous owner of the partition. */
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

  /** Memory in use, in bytes. */
  get held(): number {
    return this.#bytes + this.buffered.count * MESSAGE_BYTES;
  }

  /** Whether there is more to fetch, as far as is known. */
  get hasMore(): boolean {
    return this.fetchOffset < this.end;
  }

  /** Whether a batch of the previous owner is only partly fetched: it may be larger than the current batch size. */
  get isCut(): boolean {
    const left = this.#left.find(({ isDone }) => !isDone);
    return left !== undefined && this.fetchOffset <= left.last;
  }

  /** Whether a batch is in flight. */
  get isOut(): boolean {
    return this.#out.some(({ isDone }) => !isDone);
  }

  /** Whether no known message is left to deliver. */
  get isIdle(): boolean {
    return this.buffered.count === 0 && !this.hasMore && !this.isOut;
  }

  /** The state to commit now. */
  get state(): State {
    while (this.#out[0]?.isDone) this.#out.shift();
    const offset = this.#out[0]?.first ?? this.#messages[this.#at]?.sequence ?? this.fetchOffset;
    return { offset, text: formatRanges([...this.#out, ...this.#left], offset) };
  }

  /** Whether the current state is committed. */
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

  /** Drops all fetched messages, and fetches from this offset on. */
  moveTo(offset: number): void {
    this.#messages = [];
    this.#at = 0;
    this.#bytes = 0;
    this.#left = [];
    this.fetchOffset = offset;
  }

  /** The next batch, without delivering it yet; or the milliseconds until one may be ready. */
  next(
    { count, bytes, lingerMs, isLoose = false }: Wanted,
    nowMs: number,
  ): readonly StoredMessage[] | number {
    this.#skipGone();
    if (isLoose) this.#left = this.#left.filter(({ isDone }) => isDone);
    if (this.#out.length + this.#left.length >= MAX_OUT && this.isOut) return Infinity;
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

  /** Keeps messages of a key in order: one batch at a time. */
  #mustWait(messages: readonly StoredMessage[]): boolean {
    if (!this.isOut) return false;
    return hasKeys(messages) || this.#out.some(({ isKeyed, isDone }) => isKeyed && !isDone);
  }

  /** Puts a batch in flight. */
  give(messages: readonly StoredMessage[], nowMs: number): void {
    this.#at += messages.length;
    for (const { body } of messages) this.#bytes -= body.length;
    // Frees delivered messages once they are half of the array.
    if (this.#at >= this.#messages.length / 2) {
      this.#messages = this.#messages.slice(this.#at);
      this.#at = 0;
    }
    this.#seenMs = nowMs;
    const out = outOf(messages);
    this.#left = this.#left.filter(({ last }) => last > out.last);
    this.#out.push(out);
  }

  /** Marks the batch that starts at this offset as done. */
  finish(first: number): void {
    this.#out = finished(this.#out, first);
  }

  /** Replaces a batch by its parts. */
  split(parts: readonly (readonly StoredMessage[])[]): void {
    const outs = parts.map(outOf);
    this.#out = this.#out.flatMap((each) => (each.first === outs[0]?.first ? outs : [each]));
  }

  /** Skips messages that the previous owner finished out of order, and its batches that are no longer stored. */
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
