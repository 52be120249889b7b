/** serve-stats --keep: old rows go from a store while it is served. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serving } from '../dashboard/serving.ts';
import { privateFolder, run, until } from '../harness.ts';
import { csv, HEADER, hourly, readSqlite } from '../stores/rows.ts';

const minute = (at: number) => {
  const [start, end] = [at, at + 1].map((minutes) =>
    new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString().replace('.000', ''),
  );
  return `attic,1m,${start},${end},1,21,21,21`;
};

/** A store of a day's minutes and hours, of which one hour is missing. */
async function stored(): Promise<string> {
  const store = join(await privateFolder(), 'stats.db');
  const minutes = Array.from({ length: 1440 }, (_, at) => minute(at));
  const hours = Array.from({ length: 24 }, (_, at) => hourly('attic', at)).filter((_, at) => at !== 3);
  await run('load-stats', ['--to', store], { stdin: csv(HEADER, ...minutes, ...hours) });
  return store;
}

const minutesOf = (store: string) => readSqlite(store).filter(({ window }) => window === '1m').length;

it('removes what a longer window has, says what stays, and takes posts, also beside another one', async () => {
  const store = await stored();
  const words = ['--keep', '1m=12h,1h=5y'];
  const [one, other] = await Promise.all([serving(words, { store }), serving(words, { store })]);
  const posted = await one.post(csv(HEADER, hourly('cellar', 0)));
  expect(posted.status).toBe(200);
  // The newest 12 hours, the one that ends just then, and the hour that no row of hours has.
  await until(() => minutesOf(store) === 12 * 60 + 1 + 60, 'old minutes are gone');
  const expected = 'serve-stats: "attic" 1m: 60 rows stay, since no row of 1h covers them\n';
  for (const { child, end } of [one, other]) {
    child.kill();
    expect(await end).toMatchObject({ signal: 'SIGTERM', stderr: expected });
  }
});

it('refuses a list that makes no sense', async () => {
  const { status, stderr } = await run('serve-stats', ['--keep', '60m=1d,1h=2d']);
  expect({ status, stderr }).toMatchObject({ status: 64 });
  expect(stderr).toContain('--keep: window named twice: 1h');
});
