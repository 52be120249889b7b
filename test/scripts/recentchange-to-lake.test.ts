/** A pipeline over a queue, on the small source of its own. Those that need curl and jq are integration tests. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { serve } from '../http/server.ts';

const clean = { status: 0, signal: null, stdout: '', stderr: '' };

async function runScript(name: string, home: string, env: Record<string, string> = {}) {
  return await shell(join(root, 'scripts', name), { env: { ETL_HOME: home, ...env } });
}

async function queueTotals(home: string, queue: string): Promise<unknown> {
  return JSON.parse((await run('queue-stat', [queue, '--json'], { cwd: home })).stdout);
}

it('recentchange_to_lake.sh puts every change into the lake once, also when it runs again', async () => {
  const home = await privateFolder();
  const lake = join(home, 'lake/recentchange');
  for (let time = 0; time < 2; time++) {
    expect(await runScript('recentchange_to_lake.sh', home)).toEqual(clean);
    const rows = readdirSync(lake).flatMap((name): Record<string, string>[] =>
      parse(readFileSync(join(lake, name), 'utf8'), { columns: true }),
    );
    const ids = rows.map(({ id }) => Number(id) - 2_000_000_000);
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, number) => number));
    expect(Object.keys(rows[0] ?? {}).join()).toBe('id,type,namespace,title,comment,timestamp,user,bot');
    expect(await queueTotals(home, 'rc.queue')).toMatchObject({ ready: 0, dead: 0, next: 1000, end: 1000 });
  }
});

it('recentchange_to_lake.sh ends as its taker does, though the stream goes on', async () => {
  const home = await privateFolder();
  writeFileSync(join(home, 'file'), '');
  const change = (number: number) => `data: ${JSON.stringify({ meta: { id: `${number}` }, id: number })}\n\n`;
  const stream = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(Array.from({ length: 100 }, (_, number) => change(number)).join(''));
  });
  const end = await runScript('recentchange_to_lake.sh', home, { EVENTS: stream, LAKE: 'file/' });
  const message = expect.stringContaining('queue-take: lake-put: exit status 69: the command is wrong\n');
  expect(end).toMatchObject({ status: 69, stdout: '', stderr: message });
  expect(await queueTotals(home, 'rc.queue')).toMatchObject({ ready: 100, dead: 0 });
});
