import { describe, expect, it } from 'vitest';
import type { ColumnType, TableColumn } from '../../src/tables/input/column-type.ts';
import type { TableSettings } from '../../src/tables/table.ts';
import { conflictClause, explainChanges, findChanges, keyNames } from '../../src/tables/table-changes.ts';
import { batchOf } from './batch-of.ts';

const usual: TableSettings = {
  table: 't',
  key: [],
  alter: false,
  onMismatch: 'widen',
  waitMs: 0,
  timeoutMs: 0,
  retries: 0,
  isOneTransaction: false,
  env: {},
  signal: new AbortController().signal,
  warn: () => {},
  explain: () => {},
};
const table: TableColumn[] = [
  { name: 'Id', type: 'integer' },
  { name: 'v', type: 'decimal' },
];

function changes(
  wanted: Record<string, ColumnType>,
  before: readonly TableColumn[] | undefined,
  settings: Partial<TableSettings> = {},
) {
  const batch = batchOf([], Object.keys(wanted), Object.values(wanted));
  return findChanges(batch, before, { ...usual, ...settings }, 15);
}

describe('findChanges', () => {
  it('adds all columns to a new table', () => {
    const columns = [
      { name: 'a', type: 'long' },
      { name: 'b', type: 'text' },
    ];
    expect(changes({ a: 'long', b: 'text' }, undefined)).toEqual({
      isNew: true,
      before: [],
      targets: columns,
      added: columns,
      widened: new Map(),
    });
  });

  it('changes nothing for values that fit, and names columns as the table does', () => {
    expect(changes({ v: 'integer', ID: 'long' }, table)).toEqual({
      isNew: false,
      before: table,
      targets: [
        { name: 'v', type: 'decimal' },
        { name: 'Id', type: 'integer' },
      ],
      added: [],
      widened: new Map(),
    });
  });

  it('makes columns wider, or refuses (69)', () => {
    expect(changes({ id: 'text' }, table)).toMatchObject({
      targets: [{ name: 'Id', type: 'text' }],
      widened: new Map([['Id', 'text']]),
    });
    expect(() => changes({ id: 'text' }, table, { onMismatch: 'reject' })).toThrow(
      expect.objectContaining({ status: 69, message: 'table "t" has integer in "id", the rows have text' }),
    );
  });

  it('adds columns with --alter, or refuses (69)', () => {
    expect(changes({ id: 'integer', x: 'boolean' }, table, { alter: true })).toMatchObject({
      isNew: false,
      added: [{ name: 'x', type: 'boolean' }],
    });
    expect(() => changes({ x: 'boolean' }, table)).toThrow(
      expect.objectContaining({ status: 69, message: expect.stringContaining('no column "x"') }),
    );
  });
});

describe('explainChanges', () => {
  it.each([
    [changes({ a: 'long', b: 'verbatim' }, undefined), ['table "t" created: a long, b text'], []],
    [
      changes({ id: 'text', x: 'boolean' }, table, { alter: true }),
      ['table "t": column "x" added: boolean'],
      ['table "t": column "Id" made wider: text'],
    ],
    [changes({ id: 'integer' }, table), [], []],
    [
      changes({ a: 'decimal' }, [{ name: 'a', type: 'empty' }], { onMismatch: 'reject' }),
      ['table "t": column "a" made wider: decimal'],
      [],
    ],
  ])('says what %j are, and warns of columns that had values', (what, messages, warnings) => {
    const [said, warned]: [string[], string[]] = [[], []];
    const [explain, warn] = [said, warned].map((list) => (message: string) => void list.push(message));
    explainChanges(what, { ...usual, ...(explain && { explain }), ...(warn && { warn }) });
    expect([said, warned]).toEqual([messages, warnings]);
  });
});

describe('conflictClause', () => {
  it('replaces all columns but the key, however that is spelled', () => {
    expect(keyNames(table, ['ID'])).toEqual(['Id']);
    expect(conflictClause(table, ['ID'])).toBe('ON CONFLICT ("Id") DO UPDATE SET "v" = excluded."v"');
  });

  it('replaces nothing where all columns are the key', () => {
    expect(conflictClause(table, ['v', 'Id'])).toBe('ON CONFLICT ("v", "Id") DO NOTHING');
  });
});
