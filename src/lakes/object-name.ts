/**
 * Object names from a template: `{date}/{hash}{ext}`.
 *
 * Values from data are percent-encoded, so that they add no folders, and no name leads out of the lake.
 */

import { memberAt, memberText, parseMemberPath } from '../lines/member-path.ts';
import { textProblem } from '../lines/text.ts';
import { BadName } from './lake.ts';

/** Length limits in bytes of a file name, and of an S3 key. */
const LONGEST_PART = 255;
const LONGEST_NAME = 1024;
/** Sequence numbers are padded to this many digits, so that names sort like the numbers. */
const DIGITS = 20;
const FIXED = ['hash', 'ext', 'batch', 'date', 'time'] as const;

type Fixed = (typeof FIXED)[number];

/** The values for a template. */
export interface NameValues extends Readonly<Record<Exclude<Fixed, 'date' | 'time'>, string>> {
  /** Prefix of the name; empty, or with a trailing slash. */
  readonly folder: string;
  /** The first record; undefined without one. */
  readonly record: unknown;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Part = string | { readonly fixed: Fixed } | { readonly field: string; readonly path: readonly string[] };

export class NameTemplate {
  readonly #parts: readonly Part[];

  /** @throws Error with a message for the user */
  constructor(text: string) {
    this.#parts = text.split(/(\{[^{}]*\})/).map(parsePart);
    const sample = this.#parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    const problem = nameProblem(sample);
    if (problem !== undefined) throw new Error(`object name ${JSON.stringify(text)} ${problem}`);
  }

  /** Whether the template contains this value. */
  has(name: Fixed): boolean {
    return this.#parts.some((part) => typeof part === 'object' && 'fixed' in part && part.fixed === name);
  }

  /** Whether the template uses the first record. */
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

/** Encodes the value of a field: percent-encodes every byte except `[A-Za-z0-9._=-]`. */
export function encodeValue(text: string): string {
  return text.replace(/[^A-Za-z0-9._=-]+/g, (odd) =>
    [...Buffer.from(odd)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/**
 * The name of an object with part of a batch, by the sequence number of its first record: as if the batch began there,
 * so that half of a batch replaces what the whole batch had stored. When a filter produces more records than messages,
 * the numbers must not collide with those of the next batch.
 *
 * @param batch the batch's own name @param env the environment set by queue-take @param index of the record in the
 * input
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

/** Why a name is invalid; undefined when it is valid. */
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
