import { describe, expect, it } from 'vitest';
import { rowFormat } from '../../src/cli/row-options.ts';

describe('rowFormat', () => {
  it('is CSV unless asked otherwise', () => {
    expect(rowFormat({ json: false, table: false })).toBe('csv');
    expect(rowFormat({ json: true, table: false })).toBe('json');
    expect(rowFormat({ json: false, table: true })).toBe('table');
  });
});
