import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { openSensor } from '../../src/sensors/open.ts';
import { run } from '../harness.ts';
import { answer, closedPort, serve } from '../http/server.ts';
import { readOnce, readValue, sensorIo } from './sensor-io.ts';

const DOCUMENT = `{
  "main": { "temp": 21.50, "text": " 21.50 ", "unit": "21.3 °F", "word": "warm", "none": null, "on": true, "a/b": 1, "m~n": 2, "é": 3 },
  "list": [10.0, [-1e1]], "": 4, "big": 12345678901234567890.10
}`;

describe('a number in an answer', () => {
  it.each([
    ['#/main/temp', '21.50'],
    ['#/main/text', '21.50'],
    ['#/main/unit', '21.3'],
    ['#/list/0', '10.0'],
    ['#/list/1/0', '-10'],
    ['#/main/a~1b', '1'],
    ['#/main/m~0n', '2'],
    ['#/main/%C3%A9', '3'],
    ['#/main/é', '3'],
    ['#/', '4'],
    ['#/big', '12345678901234567890.10'],
  ])('is found by %s with its digits', async (pointer, value) => {
    expect(await readValue(`${await answer(DOCUMENT)}/now${pointer}`)).toBe(value);
  });

  it.each([
    '#/main/none',
    '#/main/on',
    '#/main/word',
    '#/main',
    '#/list',
    '#/list/2',
    '#/list/00',
    '#/list/-',
    '#/list/length',
    '#/main/temp/value',
    '#/main/toString',
    '#/__proto__',
    '#/no/where',
  ])('is not found by %s', async (pointer) => {
    await expect(readValue(`${await answer(DOCUMENT)}/now${pointer}`)).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('is the body where there is no pointer', async () => {
    expect(await readValue(await answer('\ufeff 21.50\r\n'))).toBe('21.50');
    expect(await readValue(await answer(gzipSync('-0.5'), 200, { 'content-encoding': 'gzip' }))).toBe('-0.5');
    expect(await readValue(await answer('<p>2 rooms: −0.5 °C, 21 °C'))).toBe('-0.5');
    await expect(readValue(await answer('<p>2 rooms'))).rejects.toMatchObject({ status: status.unavailable });
    await expect(readValue(await answer('{"temp":21.5}'))).rejects.toMatchObject({
      status: status.unavailable,
    });
    await expect(readValue(await answer(''))).rejects.toMatchObject({ status: status.unavailable });
  });

  it.each(['', '{', '{"temp":21.5', '[21.5]x', '\0', '['.repeat(200_000), '{"temp":NaN}'])(
    'is not in invalid JSON: %s',
    async (body) => {
      await expect(readValue(`${await answer(body)}#/temp`)).rejects.toMatchObject({
        status: status.unavailable,
      });
    },
  );
});

describe('an answer that is none', () => {
  it.each([
    [404, 'Not Found', status.unavailable],
    [503, 'Service Unavailable', status.temporary],
  ])('HTTP %i is %s: %i', async (code, phrase, expected) => {
    const address = await answer('21.5', code);
    await expect(readValue(address)).rejects.toMatchObject({
      status: expected,
      message: `${address}: HTTP ${code} ${phrase}`,
    });
  });

  it('is a corrupt encoding, an endless redirect: a retry is useless', async () => {
    const useless = [
      await answer('21.5', 200, { 'content-encoding': 'gzip' }),
      await serve((_, response) => response.writeHead(302, { location: '/again' }).end()),
      await answer('', 302, { location: 'ftp://127.0.0.1/t' }),
    ];
    for (const address of useless) {
      await expect(readValue(address)).rejects.toMatchObject({ status: status.unavailable });
    }
  });

  it('is a body larger than 1 MiB', async () => {
    expect(await readValue(await answer('21.5'.padEnd(1 << 20)))).toBe('21.5');
    await expect(readValue(await answer('21.5'.padEnd((1 << 20) + 1)))).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('is one that a cache has kept for longer than asked for', async () => {
    const address = await answer('21.5', 200, { age: '61' });
    const sensor = await openSensor(address, sensorIo());
    await expect(readOnce(sensor, 60_000)).rejects.toMatchObject({ status: status.temporary });
    await expect(readOnce(sensor, 61_000)).resolves.toBeDefined();
    await expect(readOnce(sensor)).resolves.toBeDefined();
  });
});

describe('a request', () => {
  it('follows redirects', async () => {
    const address = await serve(({ url }, response) => {
      if (url === '/old') response.writeHead(301, { location: '/new' }).end();
      else response.end('{"temp":21.5}');
    });
    expect(await readValue(`${address}/old#/temp`)).toBe('21.5');
  });

  it('asks for a fresh value, and says who asks', async () => {
    let headers: IncomingHttpHeaders = {};
    const address = await serve((request, response) => {
      headers = request.headers;
      response.end('1');
    });
    await readValue(address);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      accept: expect.stringContaining('application/json'),
      'user-agent': expect.stringMatching(/^etlutils\/\d/),
    });
    expect(headers.authorization).toBeUndefined();
  });

  it('sends user and password, and never shows the password', async () => {
    const address = await serve((request, response) => {
      const right = `Basic ${Buffer.from('me:s3:cr@t').toString('base64')}`;
      response.statusCode = request.headers.authorization === right ? 404 : 401;
      response.end();
    });
    const secret = address.replace('//', '//me:s3%3Acr%40t@');
    const { stdout, stderr, status } = await run('get-temp', [secret]);
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `get-temp: ${address.replace('//', '//me:***@')}: HTTP 404 Not Found\n`,
      status: 69,
    });
  });

  it('does not carry the password to another host', async () => {
    let seen: string | undefined = 'none yet';
    const elsewhere = await serve((request, response) => {
      seen = request.headers.authorization;
      response.end('1');
    });
    const address = await answer('', 302, { location: elsewhere });
    expect(await readValue(address.replace('//', '//me:secret@'))).toBe('1');
    expect(seen).toBeUndefined();
  });

  it('never shows the password when it hangs, is refused or malformed', async () => {
    const hanging = await serve(() => {});
    const words = [
      [hanging.replace('//', '//me:secret@'), '--timeout', '200ms'],
      [`http://me:secret@127.0.0.1:${await closedPort()}`],
      ['http://me:sec/ret@host/'],
      ['http://me:secret@host/#pointer'],
      ['mail://me:secret@host/'],
      ['--at', '2026-01-01T00:00:00Z', 'http://me:secret@host/'],
    ];
    for (const each of words) {
      const { stdout, stderr } = await run('get-temp', each);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^get-temp: .*\*\*\*@/);
      expect(stderr).not.toMatch(/sec|ret@/);
    }
  });
});
