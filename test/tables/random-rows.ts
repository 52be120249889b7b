/** Random rows, split into random batches and runs: they must be stored as if they were a single batch. */

import type { ByteSource } from '../../src/files/byte-source.ts';
import { usualLines } from '../../src/lines/text-form.ts';
import { plainNumber } from '../../src/tables/input/plain-number.ts';
import { readRows } from '../../src/tables/input/read-rows.ts';
import { Schema } from '../../src/tables/input/schema.ts';
import { openTable } from '../../src/tables/open.ts';
import { seeded } from '../random.ts';

export interface RandomLoad {
  readonly key: readonly string[];
  /** The input of each run, in order, with the maximum rows per batch. */
  readonly runs: readonly { readonly text: string; readonly maxRows: number }[];
}

const pools = {
  integer: ['0', '7', '-3', '12345', '999999999999999'],
  long: ['9007199254740993', '-9223372036854775808', '1000000000000000'],
  decimal: ['1.5', '1.50', '-0.0', '-0', '10.10', '10.1', '123.000', '0.000001', '0.00000010', '-21.350'],
  printed: ['72.09160609999998', '0.30000000000000004', '-0.7149999999999999', '1.5'],
  digits: ['12345678901234567890', '0.12345678901234567890', '100000000000000000000.5'],
  boolean: ['true', 'TRUE', 'False', 'false'],
  timestamp: [
    '2026-11-21T10:04:00Z',
    '2026-11-21T12:04:00+02:00',
    '2026-11-21T10:04:00.500Z',
    '2026-11-21 10:04:00.5z',
    '2026-11-29T10:04:00.123456Z',
    '2026-11-21T10:04Z',
  ],
  text: ['NA', 'abc', '007', '1e5', '+5', '', 'a "b", c', '1.2.3', '1.', 'two\nlines', '2026-11-21', 'T'],
} as const;
const kinds = Object.values(pools) as readonly (readonly string[])[];

/** A random load, and the same rows as one batch. */
export function randomLoad(seed: number): { readonly load: RandomLoad; readonly whole: RandomLoad } {
  const random = seeded(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const pick = <Item>(items: readonly Item[]): Item => items[upTo(items.length)] as Item;
  const names = ['a', 'b', 'c', 'd'].slice(0, 1 + upTo(4));
  const mainPools = names.map(() => pick(kinds));
  const strays = random() < 0.5 ? 0.05 : 0.3;
  const value = (column: number) => {
    if (random() < 0.15) return null;
    return pick(random() < strays ? pick(kinds) : (mainPools[column] ?? kinds[0] ?? []));
  };
  const asText = random() < 0.5 ? csv : json(random);
  const rows = Array.from({ length: 1 + upTo(12) }, () => names.map((_, column) => value(column)));
  const key = random() < 0.5 ? [] : names.slice(0, 1 + upTo(2));
  const lines = rows.map((row) => asText.line(names, row));
  const times = random() < 0.5 ? [lines] : [lines, lines];
  const cuts = times.flatMap((all) => cut(all, 1 + upTo(3), upTo));
  const text = (some: readonly string[]) => asText.header(names) + some.join('');
  return {
    load: { key, runs: cuts.map((some) => ({ text: text(some), maxRows: 1 + upTo(4) })) },
    whole: { key, runs: [{ text: text(times.flat()), maxRows: 1000 }] },
  };
}

function cut(lines: readonly string[], pieces: number, upTo: (most: number) => number): string[][] {
  const ends = Array.from({ length: pieces - 1 }, () => upTo(lines.length + 1)).sort(
    (one, other) => one - other,
  );
  return [...ends, lines.length].map((end, at) => lines.slice(ends[at - 1] ?? 0, end));
}

interface Format {
  header(names: readonly string[]): string;
  line(names: readonly string[], row: readonly (string | null)[]): string;
}

const csv: Format = {
  header: (names) => `${names.join()}\n`,
  line: (_, row) =>
    `${row.map((text) => (text === null ? '' : text === '' || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join()}\n`,
};

/** Omits some members, and writes some numbers and booleans as strings. */
function json(random: () => number): Format {
  const isJson = (text: string) => /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false)$/.test(text);
  const member = (name: string, text: string | null) => {
    if (text === null) return random() < 0.5 ? [] : [`"${name}":null`];
    return [`"${name}":${isJson(text) && random() < 0.8 ? text : JSON.stringify(text)}`];
  };
  return {
    header: () => '',
    line: (names, row) => `{${names.flatMap((name, at) => member(name, row[at] ?? null)).join()}}\n`,
  };
}

/** Loads in this process, as load-rows does. @returns the reasons of rejected lines */
export async function load(
  address: string,
  table: string,
  { key, runs }: RandomLoad,
  env: Record<string, string> = {},
): Promise<string[]> {
  const rejected: string[] = [];
  for (const { text, maxRows } of runs) {
    const opened = await openTable(address, {
      ...{ table, key, alter: true, onMismatch: 'widen' },
      ...{
        waitMs: 10_000,
        timeoutMs: 60_000,
        retries: 3,
        isOneTransaction: false,
        env,
        signal: new AbortController().signal,
      },
      ...{ warn: () => {}, explain: () => {} },
    });
    try {
      const settings = {
        types: new Map(),
        key,
        alter: true,
        onMismatch: 'widen',
        limits: opened.limits,
      } as const;
      const schema = new Schema(settings, await opened.columns());
      const batches = readRows(sources(text), {
        ...{ schema, form: { delimiter: ',' }, warn: () => {}, explain: () => {}, maxRows, lingerMs: 0 },
        reject: (_, { detail }) => rejected.push(detail),
      });
      for await (const batch of batches)
        for (const { reason } of await opened.load(batch)) rejected.push(reason);
    } finally {
      await opened.close();
    }
  }
  return rejected.sort();
}

async function* sources(text: string): AsyncGenerator<ByteSource> {
  async function* chunks() {
    yield Buffer.from(text);
  }
  yield { name: 'input', file: undefined, pipe: undefined, ...usualLines, chunks };
}

/** Makes rows comparable: numbers by value, rows in any order. */
export function comparable(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** A stored decimal in canonical form. */
export function byValue(number: string): string {
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(number) ? plainNumber(number) : number;
}
