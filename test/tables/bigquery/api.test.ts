/** Requests to Google itself, which are led to a server of the test. */

import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { privateFolder } from '../../harness.ts';
import { load } from '../random-rows.ts';
import { failure, google } from './google.ts';

const ADDRESS = 'bigquery://project/rows';

describe('with Google itself', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('each request has a token, which no message shows', async () => {
    const to = await google({
      answer(request, response) {
        const { authorization = '' } = request.headers;
        const { body } = failure(403, 'accessDenied', `Access Denied: ${authorization}`);
        if (!request.url?.includes('/jobs')) return false;
        response.writeHead(403).end(JSON.stringify(body));
        return true;
      },
    });
    vi.spyOn(https, 'request').mockImplementation((url, options) => {
      const { origin, href } = new URL(String(url));
      expect(origin).toBe('https://bigquery.googleapis.com');
      return http.request(href.replace(origin, to.address), { ...Object(options), agent: undefined });
    });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const file = join(await privateFolder(), 'key.json');
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(file, JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key }));
    const loading = load(
      ADDRESS,
      't',
      { key: [], runs: [{ text: 'a\n1\n', maxRows: 1 }] },
      { GOOGLE_APPLICATION_CREDENTIALS: file },
    );
    await expect(loading).rejects.toMatchObject({
      status: 69,
      message: `${ADDRESS}: Access Denied: Bearer ***`,
    });
    expect(to.requests.map(({ authorization }) => authorization)).toEqual(
      to.requests.map(() => expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)),
    );
  });
});
