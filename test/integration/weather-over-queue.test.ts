import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';

it('weather_over_queue.sh filters, charts and reports every reading once', async () => {
  const home = await privateFolder();
  const env = { ETL_HOME: home, FROM: '2026-11-20T00:00:00Z', TO: '2026-11-22T00:00:00Z' };
  const { status, stdout, stderr } = await shell(join(root, 'scripts/weather_over_queue.sh'), { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const readings = await shell(
    'for s in attic cellar; do get-temp sim:$s --from $FROM --to $TO --every 10m --json; done | jq -c "select(.value > 14)" | sort',
    { env },
  );
  expect(
    `${stdout
      .split(/(?<=\n)/)
      .sort()
      .join('')}`,
  ).toBe(readings.stdout);
  const database = new DatabaseSync(join(home, 'stats.db'), { readOnly: true });
  expect(database.prepare('SELECT count(*) AS rows, sum("count") AS readings FROM stats').get()).toEqual({
    rows: 2 * 48,
    readings: 2 * 48 * 6,
  });
  database.close();
  const stat = await run('queue-stat', ['weather.queue', '--json', '--group', 'chart'], { cwd: home });
  expect(JSON.parse(stat.stdout)).toMatchObject({ ready: 0, leased: 0, dead: 0, end: 2 * 48 * 6 });
});
