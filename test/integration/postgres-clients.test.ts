/** Other people's client on the other end of a store: psycopg2 reads what load-stats wrote, and the other way round. */

import { describe, expect, it } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';
import { hasServer, printed } from '../servers.ts';
import { hasPostgres, postgresServer } from './postgres-server.ts';

const rows = `sensor,window,start,end,count,min,max,avg
attic,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,2,20.1,20.9,20.500
attic,1h,2026-11-21T11:00:00Z,2026-11-21T12:00:00Z,3,20.9,21.5,21.100
`;

describe.skipIf(!hasPostgres() || !hasServer('clients'))('a store that psycopg2 uses, too', () => {
  const server = postgresServer();

  it('is read to the last digit, by either', async () => {
    const cwd = await privateFolder();
    const store = await server.newDatabase();
    expect((await run('load-stats', ['--to', store], { cwd, stdin: rows })).status).toBe(0);
    const script = `
import psycopg2
with psycopg2.connect('${store}') as connection:
    cursor = connection.cursor()
    cursor.execute('SELECT sensor, start, count, avg FROM stats ORDER BY start')
    for sensor, start, count, avg in cursor: print(sensor, start.timestamp(), count, avg)
    cursor.execute("""INSERT INTO stats
        SELECT 'cellar', "window", "start", "end", "count", "min", "max", "avg" FROM stats""")
`;
    expect(await shell(`${printed('clients')}/python3 -`, { stdin: script })).toMatchObject({
      status: 0,
      stdout: 'attic 1795255200.0 2 20.500\nattic 1795258800.0 3 21.100\n',
    });
    const copied = await run('plot-stats', ['--svg', '-', store], { cwd });
    expect(copied).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('cellar') });
  });
});
