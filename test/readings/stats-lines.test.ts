import { describe, expect, it } from 'vitest';
import { splitLines } from '../../src/lines/text-lines.ts';
import { readStatsRows } from '../../src/readings/stats-lines.ts';

async function read(...lines: string[]) {
  const rejected: string[] = [];
  const reject = ({ number }: { number: number }, { detail }: { detail: string }) =>
    void rejected.push(`${number}: ${detail}`);
  const bytes = (async function* () {
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
  })();
  const sensors: string[] = [];
  for await (const rows of readStatsRows(splitLines(bytes, 'in', reject), reject))
    sensors.push(...rows.map(({ sensor }) => sensor));
  return { sensors, rejected };
}

const row = { window: '1h', start: null, end: '2026-01-01T01:00:00Z', count: 1, min: 1, max: 1, avg: 1 };
const json = (sensor: string, further: Record<string, number> = {}) =>
  JSON.stringify({ sensor, ...row, ...further });
const columns = (from: number, to: number) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, at) => [`c${from + at}`, 1]));

describe('rows of an input have at most 256 columns', () => {
  it('of all rows: a row that would bring more is rejected, and the next ones are not', async () => {
    const { sensors, rejected } = await read(
      json('a', columns(0, 100)),
      json('b', columns(50, 247)),
      json('c', columns(247, 249)),
      json('d', columns(247, 248)),
      json('e', { c249: 1 }),
      json('f', columns(0, 248)),
    );
    expect(sensors).toEqual(['a', 'b', 'd', 'f']);
    const tooMany = 'all rows would have 257 columns, more than 256';
    expect(rejected).toEqual([`3: ${tooMany}`, `5: ${tooMany}`]);
  });

  it('of one row', async () => {
    const { sensors, rejected } = await read(json('a', columns(0, 300)), json('b'));
    expect([sensors, rejected]).toEqual([['b'], ['1: 308 columns, more than 256']]);
  });

  it('of a header, which ends the input', async () => {
    const header = ['sensor', ...Object.keys(row), ...Object.keys(columns(0, 249))].join();
    await expect(read(header)).rejects.toMatchObject({
      status: 65,
      message: 'in:1: 257 columns, more than 256',
    });
  });
});

describe('readings where rows belong', () => {
  const hint = 'these are readings: get-stats makes rows of them';

  it.each([
    ['lines', '2026-11-21T10:04:00Z,attic,21.5'],
    ['lines without a sensor', '1763719440,21.5'],
    ['values alone', '-3.25'],
    ['their header', 'time,sensor,value'],
  ])('as %s, end the input with what makes rows of them', async (_, line) => {
    await expect(read(line)).rejects.toMatchObject({ status: 65, message: `in:1: ${hint}` });
  });

  it('as JSON, are rejected with the same words', async () => {
    const reading = '{"time":"2026-11-21T10:04:00Z","sensor":"attic","value":21.5}';
    expect(await read(reading, json('a'))).toEqual({ sensors: ['a'], rejected: [`1: ${hint}`] });
  });

  it('are not what else is no header', async () => {
    await expect(read('a,b,c')).rejects.toThrow('in:1: column "sensor" is missing');
    await expect(read('sensor,window,start,end,count,min,max,value')).rejects.toThrow('"avg"');
    expect((await read(json('a', { value: 1 }))).sensors).toEqual(['a']);
  });
});
