/** What both tools make of a server that is not set up for them. */

import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { privateFolder, run } from '../harness.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';
import { answer, serveTls } from './server.ts';

const PEM = fileURLToPath(new URL('self-signed.pem', import.meta.url));

/** A TLS server whose certificate nobody vouches for, and the bodies that it was sent. */
async function untrusted() {
  const bodies: string[] = [];
  const address = await serveTls(readFileSync(PEM), async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks).toString());
    response.end('21.5');
  });
  return { address, bodies };
}

async function spooled() {
  const cwd = await privateFolder();
  const load = (address: string, stdin: string, env: Record<string, string> = {}) =>
    run('load-stats', ['--to', address, '--spool', 'spool'], { cwd, stdin, env });
  const spool = async () => (await readdir(join(cwd, 'spool'))).filter((name) => !name.startsWith('.'));
  return { load, spool };
}

describe('an untrusted certificate', () => {
  it('ends get-temp with 69', async () => {
    const { address } = await untrusted();
    const { stdout, stderr, status } = await run('get-temp', [address]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 69 });
    expect(stderr).toMatch(`get-temp: ${address}: self-signed certificate`);
  });

  it('ends load-stats with 69', async () => {
    const { address } = await untrusted();
    const { stderr, status } = await run('load-stats', ['--to', address], {
      stdin: csv(HEADER, hourly('a', 0)),
    });
    expect(status).toBe(69);
    expect(stderr).toMatch(`load-stats: ${address}: self-signed certificate`);
  });

  it('lets rows wait in the spool (69), and puts none aside', async () => {
    const { address, bodies } = await untrusted();
    const { load, spool } = await spooled();
    for (const stdin of [csv(HEADER, hourly('a', 0)), csv(HEADER, hourly('b', 0)), '']) {
      const { stderr, status } = await load(address, stdin);
      expect(status).toBe(69);
      expect(stderr).toMatch(/self-signed certificate.*: rows (?:are kept|wait) in spool\n$/);
    }
    expect(await spool()).toEqual(Array(2).fill(expect.stringMatching(/\.csv$/)));
    expect(bodies).toEqual([]);

    const trusted = await load(address, csv(HEADER, hourly('c', 0)), { NODE_EXTRA_CA_CERTS: PEM });
    expect(trusted).toMatchObject({ status: 0, stderr: '' });
    expect(bodies).toEqual(['a', 'b', 'c'].map((sensor) => csv(HEADER, hourly(sensor, 0))));
    expect(await spool()).toEqual([]);
  });
});

describe('an address that leads to no TLS', () => {
  it('is the same: 69, and rows wait', async () => {
    const address = (await answer('21.5')).replace('http:', 'https:');
    expect(await run('get-temp', [address])).toMatchObject({ stdout: '', status: 69 });
    const { load, spool } = await spooled();
    expect(await load(address, csv(HEADER, hourly('a', 0)))).toMatchObject({ status: 69 });
    expect(await spool()).toEqual([expect.stringMatching(/\.csv$/)]);
  });
});
