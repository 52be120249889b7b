import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hookActions, runHook } from '../../src/schedule/hook-actions.ts';
import { Secrets } from '../../src/schedule/tries/secrets.ts';
import { order, trial } from './trial.ts';

function hooks(fileEnv: Record<string, string> = {}) {
  const { world, folder, pathOf } = trial({ fileEnv });
  const warned: string[] = [];
  const explained: string[] = [];
  const actions = hookActions(world, {
    secretsOf: () => new Secrets(Object.values(fileEnv)),
    warn: (message) => warned.push(message),
    explain: (message) => explained.push(message),
  });
  return { actions, warned, explained, folder, pathOf };
}

/** A server that answers with a status. */
async function server(status: number) {
  const asked: string[] = [];
  const http = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(`${request.method} ${request.url} ${body}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/uuid`, asked };
}

describe('a hook', () => {
  it('knows the try, its state and its log', async () => {
    const { actions, warned, folder, pathOf } = hooks();
    const attic = order('true');
    const names = 'ETL_RUN ETL_JOB ETL_STATE ETL_STATUS ETL_TRY ETL_LOG ETL_REPORT';
    const script = `for name in ${names}; do eval "echo \\$$name"; done >told`;
    await actions.runHook(attic, script, { ETL_STATE: 'failed', ETL_STATUS: '3' });
    const told = ['17', 'attic', 'failed', '3', '1', pathOf(attic), '', ''];
    expect([warned, readFileSync(join(folder, 'told'), 'utf8').split('\n')]).toEqual([[], told]);
  });

  it('that fails is told, without secrets', async () => {
    const { actions, warned } = hooks({ TOKEN: 'correct-horse' });
    await actions.runHook(order('true'), 'echo a >&2; echo $TOKEN >&2; exit 3', {});
    expect(warned).toEqual(['attic: echo a >&2; echo $TOKEN >&2; exit 3: exit status 3: ***']);
  });

  it('that does not end is ended', async () => {
    const place = { shell: ['/bin/sh', '-c'] as const, cwd: '/', env: process.env };
    expect(await runHook(place, 'sleep 60 | cat', {}, 50)).toBe('not finished within 0.05 s');
  });

  it('in a folder that is missing is told', async () => {
    const place = { shell: ['/bin/sh', '-c'] as const, cwd: '/no/such', env: process.env };
    expect(await runHook(place, 'true', {})).toBe('exit status 127: no such file or directory');
  });
});

describe('a ping', () => {
  it('says start, success and failure of the same run', async () => {
    const { actions, explained } = hooks();
    const { url, asked } = await server(200);
    for (const kind of ['start', 'success', 'fail'] as const)
      await actions.ping(order('true'), `${url}?create=1`, kind, kind);
    await actions.ping(order('true', { run: 18 }), `${url}/`, 'start', '');
    const rids = asked.map(
      (line) => /rid=([\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}) /.exec(line)?.[1],
    );
    expect(asked.map((line) => line.replace(/rid=\S+/, 'rid'))).toEqual([
      ...[
        'POST /uuid/start?create=1&rid start',
        'POST /uuid?create=1&rid success',
        'POST /uuid/fail?create=1&rid fail',
      ],
      'POST /uuid/start?rid ',
    ]);
    expect([rids[0] === rids[1], rids[0] === rids[2], rids[0] === rids[3]]).toEqual([true, true, false]);
    expect(explained).toEqual([]);
  });

  it('that is refused, or answered by nobody, is only explained', async () => {
    const { actions, warned, explained } = hooks();
    const { url } = await server(404);
    await actions.ping(order('true'), url, 'start', '');
    await actions.ping(order('true'), 'http://127.0.0.1:1/', 'start', '');
    expect(warned).toEqual([]);
    expect(explained).toEqual([
      expect.stringMatching(/^attic: .*HTTP 404/),
      expect.stringMatching(/^attic: http:\/\/127/),
    ]);
  });
});
