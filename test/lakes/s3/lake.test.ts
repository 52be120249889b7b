import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Lake } from '../../../src/lakes/lake.ts';
import { openLake } from '../../../src/lakes/open.ts';
import { serve } from '../../http/server.ts';

// As the bundle has it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** A lake on a server at this address. */
function lakeAt(endpoint: string): Promise<Lake> {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
  return openLake('s3://bucket/a/', {
    ...{ clobber: false, waitMs: 0, signal: new AbortController().signal, explain() {} },
    env: { ...keys, AWS_ENDPOINT_URL: endpoint, HOME: '/nonexistent' },
  });
}

/** The address of a server that answers when it has read the whole request. */
function answering(listener: RequestListener): Promise<string> {
  return serve((request, response) => {
    request.resume().on('end', () => listener(request, response));
  });
}

/** Stores an object on a server that answers so. */
async function put(bytes: Buffer, listener: RequestListener) {
  const lake = await lakeAt(await answering(listener));
  const object = await lake.begin('name');
  try {
    await object.write(bytes);
    return await object.commit('name');
  } finally {
    await object.discard();
  }
}

describe('an object of S3', () => {
  it('of nothing is present when one of nothing is there already', async () => {
    const refusal = '<Error><Code>PreconditionFailed</Code><Message>as told</Message></Error>';
    const done = put(Buffer.alloc(0), ({ method }, response) =>
      method === 'GET'
        ? response.writeHead(200, { 'content-length': 0, etag: '"e"' }).end()
        : response.writeHead(412).end(refusal),
    );
    expect(await done).toBe('present');
  });

  it.each([
    ['short', 1],
    ['long', 9 << 20],
  ])('that is %s is not stored by a server that says yes to everything', async (_, length) => {
    const done = put(Buffer.alloc(length), (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>'),
    );
    await expect(done).rejects.toMatchObject({
      ...{ status: 69, message: 's3://bucket/a/name: not an answer from S3' },
    });
  });
});

describe('an upload of S3 that is given up', () => {
  /** A server with one upload. It never answers a part, and stores it only after the upload was first aborted, which brings that back. */
  async function lateServer() {
    const requests: string[] = [];
    let uploads = '';
    const endpoint = await answering(({ method, url = '' }, response) => {
      const { searchParams } = new URL(url, 'http://x');
      const request = `${method} ${searchParams.has('uploads') ? 'uploads' : 'upload'}`;
      requests.push(request);
      if (method === 'PUT') return;
      if (method === 'POST') uploads = '<Upload><Key>a/name</Key><UploadId>u</UploadId></Upload>';
      if (method === 'DELETE' && requests.filter((each) => each === request).length > 1) uploads = '';
      if (method === 'DELETE') response.writeHead(204).end();
      else if (method === 'POST')
        response.end('<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>');
      else response.end(`<ListMultipartUploadsResult>${uploads}</ListMultipartUploadsResult>`);
    });
    return { endpoint, requests, uploads: () => uploads };
  }

  it('is aborted once more when a part has arrived after that', async () => {
    const { endpoint, requests, uploads } = await lateServer();
    const object = await (await lakeAt(endpoint)).begin('name');
    await object.write(Buffer.alloc(9 << 20));
    await object.discard();
    expect(uploads()).toBe('');
    const aborted = requests.slice(requests.indexOf('DELETE upload'));
    expect(aborted).toEqual(['DELETE upload', 'GET uploads', 'DELETE upload', 'GET uploads']);
  });
});

describe('an object of S3 that is read', () => {
  it('is not what another server says', async () => {
    const endpoint = await answering((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>'),
    );
    const chunks = (await lakeAt(endpoint)).get('name');
    await expect(chunks[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      ...{ status: 69, message: 's3://bucket/a/name: not an answer from S3' },
    });
  });

  const content = Buffer.alloc(4 << 20, 'etl');

  it('is read on when its reader has paused for longer than the server may be silent', async () => {
    const endpoint = await serve(({ headers: { range } }, response) => {
      const start = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
      const rest = content.subarray(start);
      const own = range && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
      response.writeHead(range ? 206 : 200, { 'content-length': rest.length, etag: '"e"', ...own }).end(rest);
    });
    const lake = await lakeAt(endpoint);
    const chunks: Buffer[] = [];
    for await (const chunk of lake.get('name')) {
      if (chunks.length === 0) await sleep(2500);
      chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
  });
});
