import { describe, expect, it } from 'vitest';
import type { TableColumn } from '../../../src/tables/input/column-type.ts';
import { Schema, type SchemaSettings } from '../../../src/tables/input/schema.ts';

const usual: SchemaSettings = {
  types: new Map(),
  key: [],
  alter: false,
  onMismatch: 'widen',
  decimalDigits: 15,
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
    const created = schemaOf();
    expect(created.problem(['b'])).toBeUndefined();
    created.settle(['a']);
    expect(created.problem(['b'])).toContain('--alter');
  });
});

describe('a column', () => {
  it('is one whatever the case of its name', () => {
    const schema = schemaOf({ key: ['NAME'] }, [{ name: 'Name', type: 'text' }]);
    expect(schema.column('name')).toBe(schema.column('Name'));
    expect(schema.key).toEqual([schema.column('name')]);
  });

  it('gets wider until a batch is complete, and then only where that is allowed', () => {
    for (const onMismatch of ['widen', 'reject'] as const) {
      const schema = schemaOf({ onMismatch });
      const column = schema.column('a');
      expect([schema.admit(column, 'integer'), schema.admit(column, 'decimal')]).toEqual([true, true]);
      expect(schema.settle(['a', 'empty'])).toEqual(['decimal', 'text']);
      expect(schema.admit(column, 'integer')).toBe(true);
      expect(schema.admit(column, 'text')).toBe(onMismatch === 'widen');
      expect(schema.settle(['a'])).toEqual([onMismatch === 'widen' ? 'text' : 'decimal']);
    }
  });

  it('keeps the type that the user gives', () => {
    const schema = schemaOf({ types: new Map([['a', 'decimal']]) }, [{ name: 'a', type: 'text' }]);
    const column = schema.column('a');
    expect(schema.admit(column, 'integer')).toBe(true);
    expect(schema.admit(column, 'boolean')).toBe(false);
    expect(schema.settle(['a'])).toEqual(['decimal']);
  });

  it('takes a long whole number where it may not get wider', () => {
    const schema = schemaOf({ onMismatch: 'reject' }, [{ name: 'a', type: 'integer' }]);
    expect(schema.admit(schema.column('a'), 'long')).toBe(true);
  });
});
