import { expect, it } from 'vitest';
import { Refusal } from '../../../src/queues/pubsub/failures.ts';

it.each([
  ['No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1', 'connection refused'],
  ['Resource not found (resource=EVENTS).\nmore', 'Resource not found (resource=EVENTS).'],
  ['', ''],
])('says what is the matter: %s', (details, text) => {
  expect(new Refusal('q', { code: 14, details, message: details }).message).toBe(`q: ${text}`);
});
