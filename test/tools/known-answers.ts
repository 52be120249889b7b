/** Compares get-stats with answers that were computed without it. */

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { run } from '../harness.ts';

/** The rows of a CSV without quotes, by column name. */
export function parseTable(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((field, at) => [names[at] ?? '', field])),
  );
}

/** Expects these daily rows for reading lines. @returns what get-stats prints on stderr */
export async function expectDays(readings: string, days: string, zone: string): Promise<string> {
  const words = ['-w', '1d', '--decimals', '20', '--tz', zone, readings];
  const { status, stdout, stderr } = await run('get-stats', words);
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const rows = new Map(
    parseTable(stdout).map((row) => [`${row.sensor} ${day.format(new Date(row.start ?? ''))}`, row]),
  );
  const expected = parseTable(readFileSync(days, 'utf8'));
  expect([status, rows.size]).toEqual([0, expected.length]);
  for (const { sensor, bucket, count, min, max, mean } of expected) {
    const row = rows.get(`${sensor} ${bucket}`);
    expect([row?.count, Number(row?.min), Number(row?.max)]).toEqual([count, Number(min), Number(max)]);
    expect(Math.abs(Number(row?.avg) / Number(mean) - 1)).toBeLessThan(1e-12);
  }
  return stderr;
}

/** Expects this answer for lines of the One Billion Row Challenge. */
export async function expectStations(measurements: string, answer: string): Promise<void> {
  const columns = ['-d', ';', '--sensor', '1', '--value', '2', '--stats', 'sum'];
  const { stdout } = await run('get-stats', [...columns, measurements]);
  const stations = parseTable(stdout).map(
    ({ sensor, count, min, max, sum }) => `${sensor}=${min}/${halfUp(sum ?? '', Number(count))}/${max}`,
  );
  expect(`{${stations.join(', ')}}\n`).toBe(readFileSync(answer, 'utf8'));
}

/** The mean, rounded half up as in the challenge, from a sum with one decimal. */
function halfUp(sum: string, count: number): string {
  const tenths = Math.floor((2 * Math.round(Number(sum) * 10) + count) / (2 * count));
  return (tenths / 10).toFixed(1);
}
