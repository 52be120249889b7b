/**
 * Parses bytes into messages, with keys and ids if the format has them.
 *
 * Memory: one chunk and one message.
 */

import { ByteSplitter, splitBytes } from '../lines/byte-splitter.ts';
import { SHOWN_OF_LONG } from '../lines/limits.ts';
import { quote, type Reject, type Rejection, STDIN } from '../lines/line.ts';
import { badText, decodeText } from '../lines/text.ts';
import { nodeCrypto } from '../load.ts';
import { fromEnvelope } from './envelope.ts';
import { type Field, Fields } from './message-fields.ts';
import type { Message } from './queue.ts';

const [NUL, NEWLINE, RETURN] = [0, 10, 13];

/** How to parse bytes into messages. */
export interface MessageFormat {
  /** What ends a message; `nothing`: the whole input is one message. */
  readonly end: 'newline' | 'NUL' | 'nothing';
  /** Maximum length of a message in bytes. */
  readonly maxSize: number;
  readonly key?: Field;
  /** The same key for all messages. */
  readonly oneKey?: string;
  /** Separates the key from the message in each line. */
  readonly keySeparator?: Buffer;
  readonly id?: Field | 'hash';
  /** Each line is an envelope, as `queue-take --envelope` prints it. */
  readonly hasEnvelope?: boolean;
}

/** Where to report input that is no valid message, and an unterminated last line. */
export interface ReadSettings {
  readonly reject: Reject;
  /** Why the queue can never accept a message. */
  unfit?(message: Message): Rejection | undefined;
  onTorn?(): void;
}

/** The messages of each chunk. Empty input gives none. */
export async function* readMessages(
  chunks: AsyncIterable<Buffer>,
  format: MessageFormat,
  { onTorn, ...settings }: ReadSettings,
): AsyncGenerator<Message[]> {
  const reader = new MessageReader(format, settings);
  if (format.end === 'nothing') {
    yield reader.whole(await readUpTo(chunks, longestLine(format)));
    return;
  }
  const end = format.end === 'NUL' ? NUL : NEWLINE;
  const splitter = new ByteSplitter(longestLine(format), end);
  for await (const chunk of chunks) {
    let messages: Message[] = [];
    for (const { kind, bytes } of splitter.take(chunk)) {
      if (kind === 'lines') messages = reader.lines(splitBytes(bytes, end), messages);
      else reader.tooLong(bytes);
    }
    if (messages.length > 0) yield messages;
  }
  for (const { bytes } of splitter.end()) {
    onTorn?.();
    yield reader.lines([bytes], []);
  }
}

/** The limit of a line: the key and the envelope do not count as message. */
function longestLine({ maxSize, keySeparator, hasEnvelope }: MessageFormat): number {
  // JSON may encode a byte in six.
  if (hasEnvelope) return 6 * (maxSize + LONGEST_KEY);
  return keySeparator === undefined ? maxSize : maxSize + LONGEST_KEY + keySeparator.length;
}

const LONGEST_KEY = 1 << 16;

/** Stops once it has read more than `most` bytes. */
async function readUpTo(chunks: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(parts);
}

/** Converts lines to messages, and numbers them. */
class MessageReader {
  readonly #format: MessageFormat;
  readonly #settings: ReadSettings;
  /** Whether a carriage return before the newline is dropped. */
  readonly #hasReturns: boolean;
  #number = 0;

  constructor(format: MessageFormat, settings: ReadSettings) {
    this.#format = format;
    this.#settings = settings;
    this.#hasReturns = format.end === 'newline';
  }

  /** Appends the messages of lines, which may include their terminators. */
  lines(lines: readonly Buffer[], messages: Message[]): Message[] {
    const end = this.#hasReturns ? NEWLINE : NUL;
    for (const line of lines) {
      let { length } = line;
      if (line[length - 1] === end) length--;
      if (this.#hasReturns && line[length - 1] === RETURN) length--;
      this.#add(length === line.length ? line : line.subarray(0, length), messages);
    }
    return messages;
  }

  whole(bytes: Buffer): Message[] {
    const messages: Message[] = [];
    if (bytes.length > 0) this.#add(bytes, messages);
    return messages;
  }

  /** @param bytes the start of the line */
  tooLong(bytes: Buffer): void {
    this.#number++;
    this.#refuse(bytes, { kind: 'too long', detail: `message is longer than ${this.#format.maxSize} bytes` });
  }

  #add(bytes: Buffer, messages: Message[]): void {
    this.#number++;
    const message = this.#messageOf(bytes);
    const rejection = 'kind' in message ? message : this.#settings.unfit?.(message);
    if (rejection !== undefined) this.#refuse(bytes, rejection);
    else if ('body' in message) messages.push(message);
  }

  #messageOf(bytes: Buffer): Message | Rejection {
    const { maxSize, keySeparator, key, oneKey, id, hasEnvelope } = this.#format;
    const envelope = hasEnvelope ? fromEnvelope(decodeText(bytes)) : undefined;
    if (envelope !== undefined && 'kind' in envelope) return envelope;
    const split = envelope ?? (keySeparator === undefined ? undefined : splitKey(bytes, keySeparator));
    if (keySeparator !== undefined && split === undefined)
      return { kind: 'without a key', detail: `no ${quote(keySeparator.toString())} after a key` };
    const body = split?.body ?? bytes;
    if (body.length > maxSize) return { kind: 'too long', detail: `message is longer than ${maxSize} bytes` };
    if (split === undefined && key === undefined && id === undefined)
      return oneKey === undefined ? { body } : { body, key: oneKey };
    const fields = new Fields(body);
    const keyText = oneKey ?? split?.key ?? (key && fields.text(key));
    const idText = id === 'hash' ? hashOf(body) : id && fields.text(id);
    const problem =
      (keyText !== undefined && problemOf('key', keyText)) ||
      (idText !== undefined && problemOf('id', idText));
    if (problem) return problem;
    return {
      body,
      ...(envelope?.headers !== undefined && { headers: envelope.headers }),
      ...(envelope?.isTombstone && { isTombstone: true }),
      ...(typeof keyText === 'string' && { key: keyText }),
      ...(typeof idText === 'string' && { id: idText }),
    };
  }

  #refuse(bytes: Buffer, rejection: Rejection): void {
    const text = decodeText(bytes.length > this.#format.maxSize ? bytes.subarray(0, SHOWN_OF_LONG) : bytes);
    this.#settings.reject({ text, source: STDIN, number: this.#number, torn: false }, rejection);
  }
}

function splitKey(bytes: Buffer, separator: Buffer) {
  const at = bytes.indexOf(separator);
  return at < 0
    ? undefined
    : { key: decodeText(bytes.subarray(0, at)), body: bytes.subarray(at + separator.length) };
}

function hashOf(body: Buffer): string {
  return nodeCrypto().createHash('sha256').update(body).digest('hex');
}

/** @param text of the field, or why there is none */
function problemOf(name: 'key' | 'id', text: string | Rejection): Rejection | undefined {
  const kind = `without ${name === 'id' ? 'an id' : 'a key'}`;
  if (typeof text !== 'string' && text.kind !== 'without') return text;
  if (typeof text !== 'string') return { kind, detail: `no ${name}: ${text.detail}` };
  if (text === '') return { kind, detail: `${name} is empty` };
  return badText(name, text);
}
