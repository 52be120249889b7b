/**
 * Parses times of a format that the user describes in strftime's directives: `%d.%m.%Y %H:%M`.
 *
 * Directives: %Y %y %m %d %e %j %b %B %h %a %A %H %I %p %M %S %f %N %z %s %F %T %R %D %%, also with a minus, such as %-d.
 * Names are English. A fraction may follow %S in the text; %f and %N are fractions of any length. A missing day or month is
 * the first.
 */

import { readAnyEpoch } from './epoch.ts';
import { millisecondsOf, readOffset, type WrittenTime, wallClockTime } from './written-time.ts';

/** Parses text of one format; undefined for any other text. */
export type FormatReader = (text: string) => WrittenTime | undefined;

/** The texts that directives matched, by letter. */
type Found = Readonly<Record<string, string | undefined>>;

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH_NAME =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const DAY_NAME = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?';

/** What a directive matches. */
const PATTERNS: Readonly<Record<string, string>> = {
  ...{ Y: '\\d{4}', y: '\\d\\d', m: '\\d\\d', d: '\\d\\d', j: '\\d{3}' },
  ...{ H: '\\d\\d', I: '\\d\\d', M: '\\d\\d', S: '\\d\\d(?:[.,]\\d+)?' },
  ...{ b: MONTH_NAME, a: DAY_NAME, p: '[ap]\\.?m\\.?', f: '\\d+' },
  ...{ z: '[+-]\\d\\d(?::?\\d\\d)?|z|utc|gmt', s: '-?\\d+(?:\\.\\d+)?' },
};
/** What a number matches if it is next to no other: leading zeros may be missing, or be blanks. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ m: '\\d\\d?', d: '\\d\\d?', j: '\\d{1,3}' },
  ...{ H: '\\d\\d?', I: '\\d\\d?', M: '\\d\\d?', S: '\\d\\d?(?:[.,]\\d+)?' },
};
const NUMBERS = 'YymdjHIMSfs';
/** Synonyms. */
const SYNONYMS: Readonly<Record<string, string>> = { e: 'd', B: 'b', h: 'b', A: 'a', k: 'H', l: 'I', N: 'f' };
const SHORTHANDS: Readonly<Record<string, string>> = {
  ...{ '%F': '%Y-%m-%d', '%T': '%H:%M:%S', '%R': '%H:%M', '%D': '%m/%d/%y' },
};
const DIRECTIVE = /%[-_]?([a-zA-Z%])|%|\s+|[^%\s]/g;

/** A format of times. */
export interface TimeFormat {
  /** As the user wrote it. */
  readonly shown: string;
  /** Whether its texts determine the moment, so that no zone is needed. */
  readonly hasOffset: boolean;
  readonly read: FormatReader;
}

/** Parses `--time-format`. @throws Error with a message for the user */
export function parseTimeFormat(format: string): TimeFormat {
  const directives: string[] = [];
  const pattern = patternOf(format, directives);
  check(format, directives);
  const form = new RegExp(`^${pattern}$`, 'i');
  return {
    shown: format,
    hasOffset: directives.includes('z') || directives.includes('s'),
    read(text) {
      const match = form.exec(text);
      return match === null
        ? undefined
        : writtenTime(Object.fromEntries(directives.map((letter, at) => [letter, match[at + 1]])));
    },
  };
}

/** A pattern of the format, with a group per directive, whose letters are appended to `directives`. */
function patternOf(format: string, directives: string[]): string {
  const expanded = format.replace(/%[%FTRD]/g, (shorthand) => SHORTHANDS[shorthand] ?? shorthand);
  const parts = [...expanded.matchAll(DIRECTIVE)].map(([text, letter]) => ({
    text,
    letter: letter && (SYNONYMS[letter] ?? letter),
  }));
  const isNumber = (at: number) => NUMBERS.includes(parts[at]?.letter ?? ' ');
  return parts
    .map(({ text, letter }, at) => {
      if (letter === '%') return '%';
      if (letter === undefined) return text === '%' ? unknown(format, text) : literal(text);
      const own = PATTERNS[letter] ?? unknown(format, text);
      if (directives.includes(letter)) throw new Error(`${text} is repeated: ${JSON.stringify(format)}`);
      directives.push(letter);
      const short = isNumber(at - 1) || isNumber(at + 1) ? undefined : SHORT[letter];
      return short === undefined ? `(${own})` : `\\s?(${short})`;
    })
    .join('');
}

function literal(text: string): string {
  return /^\s/.test(text) ? '\\s+' : text.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

function unknown(format: string, word: string): never {
  throw new Error(
    `unknown conversion ${word}: ${JSON.stringify(format)} (write %d.%m.%Y %H:%M:%S, %z for an offset)`,
  );
}

/** @throws Error if the directives give no day, month or year */
function check(format: string, directives: readonly string[]): void {
  const has = (letters: string) => [...letters].every((letter) => directives.includes(letter));
  const hasMonth = has('m') || has('b');
  const hasDay = has('j') || (has('d') && hasMonth);
  const isPartOfDate = !has('d') && !['H', 'I', 'M', 'S'].some(has);
  if (!has('s') && !((has('Y') || has('y')) && (hasDay || isPartOfDate)))
    throw new Error(`lacks a year, month or day: ${JSON.stringify(format)} (write such as %d.%m.%Y %H:%M)`);
  if (has('I') !== has('p')) throw new Error(`%I and %p need each other: ${JSON.stringify(format)}`);
}

function writtenTime(found: Found): WrittenTime | undefined {
  if (found.s !== undefined) {
    const wallMs = readAnyEpoch(found.s);
    return wallMs === undefined ? undefined : { wallMs, offsetMs: 0, fraction: '' };
  }
  const [second = '0', inSecond = ''] = (found.S ?? '0').split(/[.,]/);
  const fraction = found.f ?? inSecond;
  const wallMs = wallClockTime({
    ...dateOf(found),
    ...{ hour: hourOf(found), minute: Number(found.M ?? 0), second: Number(second) },
    millisecond: millisecondsOf(fraction),
  });
  if (wallMs === undefined) return undefined;
  const offsetMs = found.z === undefined ? undefined : readOffset(found.z);
  return Number.isNaN(offsetMs) ? undefined : { wallMs, offsetMs, fraction };
}

function dateOf({ Y, y, m, b, d, j }: Found): { year: number; month: number; day: number } {
  // Like strptime: 69 to 99 are of the last century.
  const year = Number(Y ?? (Number(y) < 69 ? `20${y}` : `19${y}`));
  if (j === undefined) {
    const month = b === undefined ? Number(m ?? 1) : MONTHS.indexOf(b.slice(0, 3).toLowerCase()) + 1;
    // Without a day or month, the first.
    return { year, month, day: Number(d ?? 1) };
  }
  const date = new Date(Date.UTC(year + 400, 0, Number(j)));
  const isInYear = Number(j) > 0 && date.getUTCFullYear() === year + 400;
  return { year, month: date.getUTCMonth() + 1, day: isInYear ? date.getUTCDate() : 0 };
}

/** 24, which is invalid, if %I is not from 1 to 12. */
function hourOf({ H, I, p }: Found): number {
  if (I === undefined) return Number(H ?? 0);
  const hour = Number(I);
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (/^p/i.test(p ?? '') ? 12 : 0);
}
