/** Who may read and post, under which names, and through which proxy. */

import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { raw, type Served, serving } from '../dashboard/serving.ts';
import { privateFolder, run, until } from '../harness.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

const ROW = csv(HEADER, hourly('attic', 0));
const PATHS = [
  '/',
  '/app.js',
  '/api/sensors',
  '/api/stats',
  '/api/stats.csv',
  '/api/events',
  '/metrics',
  '/no',
];

async function withTokens() {
  const cwd = await privateFolder();
  await writeFile(join(cwd, 'read'), 'letmesee\n');
  await writeFile(join(cwd, 'post'), 's3cret\n');
  return cwd;
}

/** The status for these headers, without reading the body. */
async function statusOf(served: Served, path: string, headers: Record<string, string> = {}): Promise<number> {
  const stop = new AbortController();
  const { status } = await served.ask(path, { headers, signal: stop.signal });
  stop.abort();
  return status;
}

/** The first line of the answer to a request of this path with these lines of headers. */
async function firstLine(served: Served, path: string, ...headers: string[]): Promise<string> {
  const lines = [`GET ${path} HTTP/1.1`, 'Connection: close', ...headers];
  return (
    (await raw(served.url.replace('0.0.0.0', '127.0.0.1'), `${lines.join('\r\n')}\r\n\r\n`)).split(
      '\r\n',
      1,
    )[0] ?? ''
  );
}

const OK = 'HTTP/1.1 200 OK';
const FORBIDDEN = 'HTTP/1.1 403 Forbidden';

describe('reading', () => {
  it('is open to all without --read-token-file', async () => {
    const served = await serving(['--token-file', 'post'], { cwd: await withTokens() });
    for (const path of PATHS.slice(0, -1)) expect([path, await statusOf(served, path)]).toEqual([path, 200]);
  });

  it('needs a token with it, as bearer or as a password, but for /healthz', async () => {
    const served = await serving(['--token-file', 'post', '--read-token-file', 'read'], {
      cwd: await withTokens(),
    });
    for (const path of PATHS) {
      expect([path, await statusOf(served, path)]).toEqual([path, 401]);
      expect(await statusOf(served, path, { authorization: 'Bearer wrong' })).toBe(401);
    }
    const refused = await served.ask('/');
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="serve-stats", charset="UTF-8"');
    expect(await refused.json()).toEqual({ error: 'reading needs a token' });
    const right = [
      'Bearer letmesee',
      'Bearer s3cret',
      `Basic ${btoa('me:letmesee')}`,
      `Basic ${btoa(':s3cret')}`,
    ];
    for (const authorization of right)
      for (const path of PATHS)
        expect([path, authorization, await statusOf(served, path, { authorization })]).toEqual([
          ...[path, authorization, path === '/no' ? 404 : 200],
        ]);
    expect(await statusOf(served, '/healthz')).toBe(200);
    // What reads does not write.
    expect((await served.post(ROW, { authorization: 'Bearer letmesee' })).status).toBe(401);
    expect((await served.post(ROW, { authorization: `Basic ${btoa('me:s3cret')}` })).status).toBe(401);
    const load = await run('load-stats', ['--to', `${served.url}api/stats`], {
      ...{ stdin: ROW, env: { ETL_TOKEN: 's3cret' } },
    });
    expect(load).toMatchObject({ status: 0, stderr: '' });
  });

  it('with a token, posting needs one too', async () => {
    const served = await serving(['--read-token-file', 'read'], { cwd: await withTokens() });
    expect((await served.post(ROW)).status).toBe(401);
    served.child.kill('SIGTERM');
    expect((await served.end).stderr).toBe(
      'serve-stats: posting is off, since there is no token: see --token-file\n',
    );
  });

  it('is said by the help to be open', async () => {
    const { stdout } = await run('serve-stats', ['--help']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('may read, unless --read-token-file is given');
  });
});

describe('names', () => {
  it('are checked on all addresses, too', async () => {
    const served = await serving(['--host', '0.0.0.0']);
    for (const host of [
      'localhost',
      '127.0.0.1:1',
      '10.9.8.7',
      '[::1]',
      hostname(),
      `${hostname()}.local:80`,
    ])
      expect([host, await firstLine(served, '/api/sensors', `Host: ${host}`)]).toEqual([host, OK]);
    for (const host of ['evil.example', '10.9.8.7.evil.example', `${hostname()}.evil`])
      expect([host, await firstLine(served, '/api/sensors', `Host: ${host}`)]).toEqual([host, FORBIDDEN]);
    expect(await firstLine(served, '/healthz', 'Host: evil.example')).toBe(OK);
  });

  it('may be more with --allow-host', async () => {
    const served = await serving(['--allow-host', 'a.example', '--allow-host', 'B.example']);
    for (const host of ['a.example', 'b.EXAMPLE:8080', 'localhost'])
      expect([host, await firstLine(served, '/', `Host: ${host}`)]).toEqual([host, OK]);
    const other = await raw(served.url, 'GET / HTTP/1.1\r\nHost: c.example\r\nConnection: close\r\n\r\n');
    expect(other).toContain('{"error":"this server does not answer to \\"c.example\\": see --allow-host"}');
  });
});

describe('a proxy', () => {
  it('lets nobody post without a token, said to be there or not', async () => {
    const open = await serving();
    expect((await open.post(ROW)).status).toBe(200);
    for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
      const answer = await open.post(ROW, { [name]: '10.0.0.1' });
      expect([answer.status, await answer.json()]).toEqual([
        401,
        { error: 'posting through a proxy needs a token: see --token-file and --behind-proxy' },
      ]);
    }
    const behind = await serving(['--behind-proxy']);
    expect((await behind.post(ROW)).status).toBe(401);
  });

  it('is believed only with --behind-proxy', async () => {
    const headers = [
      'Host: localhost',
      'X-Forwarded-Host: stats.example',
      'X-Forwarded-For: 6.6.6.6, 10.0.0.1',
    ];
    const seen = async (...words: string[]) => {
      const served = await serving(['--verbose', ...words]);
      const line = await firstLine(served, '/api/sensors', ...headers);
      let stderr = '';
      served.child.stderr?.on('data', (text: Buffer) => {
        stderr += text;
      });
      await served.ask('/healthz');
      await until(() => stderr.includes('/healthz') || served.child.exitCode !== null, 'logged');
      served.child.kill('SIGTERM');
      const log = (await served.end).stderr;
      return [line, /^serve-stats: (\S+) GET \/api\/sensors/m.exec(log)?.[1]];
    };
    expect(await seen()).toEqual([OK, '127.0.0.1']);
    expect(await seen('--behind-proxy')).toEqual([FORBIDDEN, '10.0.0.1']);
    expect(await seen('--behind-proxy', '--allow-host', 'stats.example')).toEqual([OK, '10.0.0.1']);
  });
});

describe('CSV for a spreadsheet', () => {
  it('has no cell that is a formula, when that is asked for', async () => {
    const served = await serving();
    const names = ['=1+1', '@SUM(A1)', '+a', '-a', 'attic'];
    const rows = names.map((name) => `${hourly(name, 0).replace('20.5', '-20.5')},=HYPERLINK("x")`);
    const quoted = rows.map((row) => row.replace(/[^,]*"x"\)$/, '"=HYPERLINK(""x"")"'));
    expect((await served.post(csv(`${HEADER},=note`, ...quoted))).status).toBe(200);
    const plain = await (await served.ask('/api/stats.csv')).text();
    expect(plain).toContain('\n=1+1,1h,');
    const harmless = await (await served.ask('/api/stats.csv?spreadsheet=1')).text();
    expect(harmless.split('\n')[0]).toBe(`${HEADER},'=note`);
    for (const name of names.slice(0, -1)) expect(harmless).toContain(`\n'${name},1h,`);
    expect(harmless).toContain(`,-20.5,21.75,21.125,"'=HYPERLINK(""x"")"\n`);
    expect(harmless).toMatch(/\nattic,1h,/);
    expect(harmless).not.toMatch(/(^|,)"?[=@]/m);
    const asked = await served.ask('/api/stats?spreadsheet=1', { headers: { accept: 'text/csv' } });
    expect(await asked.text()).toBe(harmless);
    expect((await served.ask('/api/stats?spreadsheet=1')).status).toBe(400);
    expect(await (await served.ask('/')).text()).toContain('href="api/stats.csv?spreadsheet=1"');
  });
});
