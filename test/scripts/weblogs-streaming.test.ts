/** Web logs over a queue in a file into SQLite. Real servers are integration tests. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ended, privateFolder, run, shell } from '../harness.ts';
import { countsOfSqlite, expectStreamed, startLoading } from './streamed-logs.ts';

it('weblogs_streaming.sh has every line in the table, as log-gen counts them', async () => {
  const home = await privateFolder();
  await expectStreamed(home, { LINES: '200' }, countsOfSqlite(join(home, 'logs.db')));
});

it('doubles no row of a batch that is repeated, since its taker was killed before the acknowledgement', async () => {
  const cwd = await privateFolder();
  const stdin = (await run('log-gen', ['-n', '100', '--seed', '1'], { cwd })).stdout;
  expect((await run('queue-put', ['q'], { cwd, stdin })).status).toBe(0);
  const env = { ETL_STORE: 'logs.db' };
  const take = () =>
    ended(startLoading('q', ['--batch', '60', '--linger', '0', '--exit-when-empty'], cwd, env));
  expect(await take()).toMatchObject({ signal: 'SIGKILL' });
  const loaded = async () => Object.values(await countsOfSqlite(join(cwd, 'logs.db'))('status'));
  expect((await loaded()).reduce((a, b) => a + b)).toBe(60);
  expect(await take()).toMatchObject({ status: 0 });
  expect((await loaded()).reduce((a, b) => a + b)).toBe(100);
});

it('weblogs_streaming.sh ends when one of its steps fails, and leaves nothing running', async () => {
  const home = await privateFolder();
  const env = { ETL_HOME: home, RATE: 'many' };
  const end = await shell('weblogs_streaming.sh; echo "status $?"', {
    env: { ...env, PATH: `${join(import.meta.dirname, '../../scripts')}:${process.env.PATH}` },
  });
  expect(end).toMatchObject({ stdout: 'status 64\n', stderr: expect.stringContaining('log-gen: --rate') });
});
