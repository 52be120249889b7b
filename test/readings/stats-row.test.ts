import { describe, expect, it } from 'vitest';
import {
  columnNames,
  columnProblem,
  formatStatsRows,
  isHeader,
  isRejection,
  parseStatsRow,
  rowKey,
} from '../../src/readings/stats-row.ts';

const good = {
  sensor: 'attic',
  window: '1h',
  start: '2026-11-21T10:00:00Z',
  end: '2026-11-21T11:00:00Z',
  count: '60',
  min: '20.50',
  max: '21.75',
  avg: '21.1250',
};

function parse(changes: Record<string, string> = {}) {
  return parseStatsRow(new Map(Object.entries({ ...good, ...changes })));
}

function parsed(changes: Record<string, string> = {}) {
  const row = parse(changes);
  if (isRejection(row)) throw new Error(row.detail);
  return row;
}

describe('a stats row', () => {
  it('keeps digits, and further columns as text', () => {
    expect(parse({ p95: '21.50', note: 'x' })).toEqual({
      ...good,
      count: 60,
      extra: new Map([
        ['p95', '21.50'],
        ['note', 'x'],
      ]),
    });
  });

  it.each([
    ['min', ' +1.5e1 ', '15'],
    ['min', '-.5', '-0.5'],
    ['min', '-0.00', '0.00'],
    ['avg', '20.123456789012345678901', '20.123456789012345678901'],
    ['end', '2026-11-21T12:00:00+01:00', '2026-11-21T11:00:00Z'],
    ['end', '2026-11-21 11:00:00.250Z', '2026-11-21T11:00:00.250Z'],
    ['end', '1795258800', '2026-11-21T11:00:00Z'],
    ['start', '', ''],
    ['sensor', '', ''],
    ['count', ' 7 ', 7],
  ])('reads %s %j as %j', (name, text, value) => {
    expect(parse({ [name]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ['window', ' ', 'window is empty'],
    ['end', '', 'end is empty: a row without a time has no key'],
    ['end', '11:00', 'end is not a time: "11:00"'],
    ['end', '2026-11-21T11:00:00', 'end is not a time: "2026-11-21T11:00:00"'],
    ['start', 'x', 'start is not a time: "x"'],
    ['start', '2026-11-21T11:00:01Z', 'start is after end'],
    ['count', 'abc', 'count is not a whole number: "abc"'],
    ['count', '60.0', 'count is not a whole number: "60.0"'],
    ['count', '-1', 'count is not a whole number: "-1"'],
    ['count', '1e3', 'count is not a whole number: "1e3"'],
    ['count', '', 'count is not a whole number: ""'],
    ['count', '0', 'count is zero'],
    ['min', 'ERR', 'min is not a number: "ERR"'],
    ['max', 'NaN', 'max is not a number: "NaN"'],
    ['avg', 'Infinity', 'avg is not a number: "Infinity"'],
    ['avg', '', 'avg is not a number: ""'],
    ['min', '22', 'min is above max'],
  ])('is rejected with %s %j', (name, text, detail) => {
    expect(parse({ [name]: text })).toMatchObject({ detail });
  });

  it('has the key (sensor, window, end)', () => {
    const key = rowKey(parsed());
    expect(rowKey(parsed({ end: '2026-11-21T12:00:00+01:00', start: '', count: '1', avg: '21' }))).toBe(key);
    for (const other of [{ sensor: 'b' }, { window: 'all' }, { end: '2026-11-21T11:00:01Z' }])
      expect(rowKey(parsed(other))).not.toBe(key);
    expect(rowKey(parsed({ sensor: 'a', window: 'b,c' }))).not.toBe(
      rowKey(parsed({ sensor: 'a,b', window: 'c' })),
    );
  });

  it('is written under one header with others', () => {
    const rows = [parsed({ p95: '21' }), parsed({ sensor: 'a,"b"\nc' }), parsed({ sum: '7' })];
    expect(columnNames(rows)).toEqual([...Object.keys(good), 'p95', 'sum']);
    expect(formatStatsRows(rows)).toBe(
      'sensor,window,start,end,count,min,max,avg,p95,sum\n' +
        'attic,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,20.50,21.75,21.1250,21,\n' +
        '"a,""b""\nc",1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,20.50,21.75,21.1250,,\n' +
        'attic,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,20.50,21.75,21.1250,,7\n',
    );
  });
});

describe('a header', () => {
  const columns = Object.keys(good);

  it('is told from a row', () => {
    expect(isHeader(columns)).toBe(true);
    expect(isHeader([...columns.slice(1).reverse(), 'p95'])).toBe(true);
    expect(isHeader(['sensor', 'window', '', '2026-11-21T11:00:00Z', '1', '2', '2', '2', 'max'])).toBe(false);
  });

  it.each([
    [columns, undefined],
    [[...columns].reverse(), undefined],
    [[...columns, 'p95', ';--"'], undefined],
    [columns.filter((name) => name !== 'avg'), 'column "avg" is missing'],
    [['x'], 'column "sensor" is missing'],
    [[...columns, ''], 'column 9 has no name'],
    [[...columns, 'avg'], 'columns "avg" and "avg" have the same name'],
    [[...columns, 'AVG'], 'columns "avg" and "AVG" have the same name'],
    [[...columns, 'a\0b'], 'column 9 has a control character in its name: "a\\u0000b"'],
  ])('of %j has the problem %j', (names, problem) => {
    expect(columnProblem(names)).toBe(problem);
  });
});
