/**
 * Names of objects, made from a template: `{date}/{hash}{ext}`.
 *
 * A value from outside is percent-encoded, so that it adds no folder, and no name leads out of the lake.
 */

import { memberAt, memberText, parseMemberPath } from '../lines/member-path.ts';
import { textProblem } from '../lines/text.ts';
import { BadName } from './lake.ts';

/** Bytes of the name of a file, and of a whole name in S3. */
const LONGEST_PART = 255;
const LONGEST_NAME = 1024;
/** Digits of a sequence number in a name, so that names are in the order of numbers. */
const DIGITS = 20;
const FIXED = ['hash', 'ext', 'batch', 'date', 'time'] as const;

type Fixed = (typeof FIXED)[number];

/** What a name is made of. */
export interface NameValues extends Readonly<Record<Exclude<Fixed, 'date' | 'time'>, string>> {
  /** Folders before the name, each with its slash. */
  readonly folder: string;
  /** The first record; undefined when it is none. */
  readonly record: unknown;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Part = string | { readonly fixed: Fixed } | { readonly field: string; readonly path: readonly string[] };

/** Makes names. */
export class NameTemplate {
  readonly #parts: readonly Part[];

  /** @throws Error with a message for the user */
  constructor(text: string) {
    this.#parts = text.split(/(\{[^{}]*\})/).map(parsePart);
    const sample = this.#parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    const problem = nameProblem(sample);
    if (problem !== undefined) throw new Error(`object name ${JSON.stringify(text)} ${problem}`);
  }

  /** Whether a name has this value in it. */
  has(name: Fixed): boolean {
    return this.#parts.some((part) => typeof part === 'object' && 'fixed' in part && part.fixed === name);
  }

  /** Whether a name depends on the first record. */
  get needsRecord(): boolean {
    return this.#parts.some((part) => typeof part === 'object' && 'field' in part);
  }

  /** @throws BadName */
  name(values: NameValues): string {
    const name = values.folder + this.#parts.map((part) => partText(part, values)).join('');
    const problem = nameProblem(name);
    if (problem !== undefined) throw new BadName(name, problem);
    return name;
  }
}

function parsePart(text: string): Part {
  if (/[{}]/.test(text) && !/^\{.+\}$/s.test(text))
    throw new Error(`a brace does not match: ${JSON.stringify(text)}`);
  if (!text.startsWith('{')) return text;
  const name = text.slice(1, -1);
  const fixed = FIXED.find((each) => each === name);
  return fixed === undefined ? { field: name, path: parseMemberPath(name) } : { fixed };
}

function partText(part: Part, values: NameValues): string {
  if (typeof part === 'string') return part;
  if ('field' in part) {
    const text = memberText(memberAt(values.record, part.path));
    if (text === undefined) throw new BadName(`{${part.field}}`, 'is not in the first record');
    const problem = textProblem(text);
    if (problem !== undefined) throw new BadName(`{${part.field}}`, problem);
    return encodeValue(text);
  }
  const { fixed } = part;
  if (fixed !== 'date' && fixed !== 'time') return values[fixed];
  const time = new Date(values.now).toISOString();
  return fixed === 'date' ? time.slice(0, 10) : time.replaceAll(':', '-');
}

/** The value of a field as a part of a name: all but `[A-Za-z0-9._=-]` is percent-encoded, byte by byte. */
export function encodeValue(text: string): string {
  return text.replace(/[^A-Za-z0-9._=-]+/g, (odd) =>
    [...Buffer.from(odd)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/**
 * The name of an object that has only a part of a batch, by the number of its first record in the queue: as if a batch began
 * there, so that halves of the batch replace what the whole one has left. A filter that makes more records of a batch than it
 * has messages must not come to the numbers of the next one.
 *
 * @param batch its own name @param env of the command of queue-take @param index of the record in the input
 */
export function partName(
  batch: string,
  env: Readonly<Record<string, string | undefined>>,
  index: number,
): string {
  const { ETL_FIRST: text = '', ETL_COUNT: count } = env;
  const first = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
  const number = String(first + BigInt(index)).padStart(DIGITS, '0');
  const hasNumber = batch.endsWith(`-${text.padStart(DIGITS, '0')}`) && index < Number(count);
  return hasNumber ? batch.slice(0, -DIGITS) + number : `${batch}-${number}`;
}

/** Says why no object may have this name; undefined when one may. */
export function nameProblem(name: string): string | undefined {
  const parts = name.split('/');
  if (name === '') return 'is empty';
  if (/\p{Cc}/u.test(name)) return 'has a control character';
  if (name.startsWith('/')) return 'is absolute';
  if (parts.includes('')) return 'has an empty part';
  if (parts.includes('.') || parts.includes('..')) return 'climbs out of the lake';
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_PART))
    return `has a part of more than ${LONGEST_PART} bytes`;
  return Buffer.byteLength(name) > LONGEST_NAME ? `is longer than ${LONGEST_NAME} bytes` : undefined;
}
