import { describe, expect, it } from 'vitest';
import type { ColumnType, TableColumn } from '../../../src/tables/input/column-type.ts';
import { Schema, type SchemaSettings } from '../../../src/tables/input/schema.ts';
import { sqliteLimits } from '../../../src/tables/limits.ts';

const usual: SchemaSettings = {
  types: new Map(),
  key: [],
  alter: false,
  onMismatch: 'widen',
  limits: sqliteLimits,
};

function schemaOf(settings: Partial<SchemaSettings> = {}, table?: readonly TableColumn[]) {
  return new Schema({ ...usual, ...settings }, table);
}

describe('the names of a row', () => {
  it.each([
    [['a', ''], 'column 2 has no name'],
    [['a\0'], 'column 1 has a NUL in its name'],
    [['a', 'a'], 'two columns are named "a"'],
    [['a', 'A'], 'column names differ only in case: "a", "A"'],
  ])('%j are refused', (names, problem) => {
    expect(schemaOf().problem(names)).toBe(problem);
  });

  it('must hold the key, in any case', () => {
    const schema = schemaOf({ key: ['Id'] });
    expect(schema.problem(['id', 'x'])).toBeUndefined();
    expect(schema.problem(['x'])).toBe('no column "Id", which --key names');
  });

  it('must be those of the table, once there is one, but with --alter', () => {
    const table: TableColumn[] = [{ name: 'a', type: 'integer' }];
    expect(schemaOf({}, table).problem(['A'])).toBeUndefined();
    expect(schemaOf({}, table).problem(['b'])).toBe('the table has no column "b", which --alter would add');
    expect(schemaOf({ alter: true }, table).problem(['b'])).toBeUndefined();
  });

  it('may be new as long as the table is: it does not matter which of them the first batch had', () => {
    const schema = schemaOf();
    schema.column('a');
    schema.settle(['a']);
    expect(schema.problem(['a', 'b'])).toBeUndefined();
  });

  it('must not be more, or longer, than the table can have', () => {
    const schema = schemaOf({ limits: { decimalDigits: 15, columns: 2, nameBytes: 3, widens: true } });
    expect(schema.problem(['a', 'b', 'c'])).toBe('3 columns, and a table has at most 2');
    expect(schema.problem(['a', 'éé'])).toBe('the name of column 2 is longer than 3 bytes: "éé"');
    for (const name of ['a', 'b']) schema.column(name);
    expect(schema.problem(['b', 'c'])).toBe('3 columns, and a table has at most 2');
    expect(schema.problem(['A', 'b'])).toBeUndefined();
  });
});

/** Whether the column takes a value of the type; if so, it has become as wide as that needs. */
function admit(schema: Schema, name: string, type: ColumnType): boolean {
  const column = schema.column(name);
  const wider = schema.wider(column, type);
  if (wider !== undefined) column.type = wider;
  return wider !== undefined;
}

describe('a column', () => {
  it('is one whatever the case of its name', () => {
    const schema = schemaOf({ key: ['NAME'] }, [{ name: 'Name', type: 'text' }]);
    expect(schema.column('name')).toBe(schema.column('Name'));
    expect(schema.key).toEqual([schema.column('name')]);
  });

  it('gets wider until a batch is complete, and then only where that is allowed', () => {
    for (const onMismatch of ['widen', 'reject'] as const) {
      const schema = schemaOf({ onMismatch });
      expect([admit(schema, 'a', 'integer'), admit(schema, 'a', 'decimal')]).toEqual([true, true]);
      expect(schema.settle(['a', 'none'])).toEqual(['decimal', 'empty']);
      expect(admit(schema, 'a', 'integer')).toBe(true);
      expect(admit(schema, 'a', 'text')).toBe(onMismatch === 'widen');
      expect(admit(schema, 'none', 'boolean')).toBe(true);
      expect(schema.settle(['a', 'none'])).toEqual([onMismatch === 'widen' ? 'text' : 'decimal', 'boolean']);
    }
  });

  it('keeps the type that the user gives', () => {
    const types = new Map([
      ['a', 'decimal'],
      ['b', 'text'],
    ] as const);
    const schema = schemaOf({ types }, [{ name: 'a', type: 'text' }]);
    expect(admit(schema, 'a', 'integer')).toBe(true);
    expect(admit(schema, 'a', 'boolean')).toBe(false);
    expect(admit(schema, 'b', 'decimal')).toBe(true);
    expect(schema.settle(['a', 'b'])).toEqual(['decimal', 'verbatim']);
  });

  it('takes a long whole number where it may not get wider', () => {
    const schema = schemaOf({ onMismatch: 'reject' }, [{ name: 'a', type: 'integer' }]);
    expect(admit(schema, 'a', 'long')).toBe(true);
  });
});

describe('a column of the key', () => {
  it.each<ColumnType>(['decimal', 'boolean', 'timestamp', 'text'])(
    'is verbatim where values are %s',
    (type) => {
      const schema = schemaOf({ key: ['K'] });
      expect(admit(schema, 'k', 'long')).toBe(true);
      expect(schema.settle(['k'])).toEqual(['long']);
      expect(admit(schema, 'k', type)).toBe(true);
      expect(schema.settle(['k'])).toEqual(['verbatim']);
    },
  );

  it.each<ColumnType>(['decimal', 'boolean', 'timestamp'])('stays %s where the table has that', (type) => {
    const schema = schemaOf({ key: ['k'] }, [{ name: 'k', type }]);
    expect(admit(schema, 'k', 'text')).toBe(false);
    expect(admit(schema, 'k', type)).toBe(true);
    expect(schema.settle(['k'])).toEqual([type]);
  });

  it('is what the user says', () => {
    const schema = schemaOf({ key: ['k'], types: new Map([['k', 'timestamp']]) });
    expect([admit(schema, 'k', 'timestamp'), admit(schema, 'k', 'integer')]).toEqual([true, false]);
    expect(schema.settle(['k'])).toEqual(['timestamp']);
    const other = schemaOf({ types: new Map([['k', 'timestamp']]) });
    expect(admit(other, 'K', 'integer')).toBe(false);
  });

  it('stays integer when a value that does not fit costs its row', () => {
    const schema = schemaOf({ key: ['k'], onMismatch: 'reject' }, [{ name: 'k', type: 'integer' }]);
    expect(admit(schema, 'k', 'decimal')).toBe(false);
  });
});
