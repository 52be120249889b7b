import { expect, it } from 'vitest';
import { openLake } from '../../../src/lakes/open.ts';
import { serve } from '../../http/server.ts';

// As the bundle has it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

it('is present when an object of nothing is there already', async () => {
  const refusal = '<Error><Code>PreconditionFailed</Code><Message>as told</Message></Error>';
  const endpoint = await serve(({ method }, response) =>
    method === 'GET'
      ? response.writeHead(200, { 'content-length': 0 }).end()
      : response.writeHead(412).end(refusal),
  );
  const lake = await openLake('s3://bucket/a/', {
    ...{ clobber: false, waitMs: 0, signal: new AbortController().signal, explain() {} },
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      HOME: '/nonexistent',
    },
  });
  expect(await (await lake.begin('empty')).commit('empty')).toBe('present');
});
