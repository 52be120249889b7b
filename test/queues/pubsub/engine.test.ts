import { expect, it } from 'vitest';
import type { Leased } from '../../../src/queues/leased/engine.ts';
import { Connection } from '../../../src/queues/pubsub/connection.ts';
import { pubsubEngine } from '../../../src/queues/pubsub/engine.ts';
import { codes, Refusal } from '../../../src/queues/pubsub/failures.ts';

const UNAVAILABLE = 14;
const { signal } = new AbortController();
const settings = { waitMs: 30, signal, env: {}, now: () => 0, warn() {}, explain() {} };

/** An engine of a service, and what it is asked. @param answer throws a code for a refusal */
function engineOf(answer: (name: string) => object) {
  const asked: string[] = [];
  class Service extends Connection {
    override async once(path: string): Promise<object> {
      const name = path.replace(/.*\//, '');
      asked.push(name);
      try {
        return answer(name);
      } catch (code) {
        throw new Refusal('q', { code: Number(code), details: 'no', message: 'no' });
      }
    }
  }
  const connection = new Service({ shown: 'q', project: 'p' }, settings);
  const source = { shown: 'q', settings, connection, subscription: 's', leaseSeconds: 10 };
  const engine = pubsubEngine({ ...source, async putDead() {} });
  return { engine, asked, receive: () => engine.receive(5000, 1000, signal) };
}

function refuse(code: number) {
  return () => {
    throw code;
  };
}

function leased(count: number): Leased[] {
  const message = { sequence: undefined, body: Buffer.from('x'), time: 0 };
  return Array.from({ length: count }, (_, at) => ({ ...message, messageId: `m${at}`, receipt: `a${at}` }));
}

it('asks for a sign of life after a request without an answer', async () => {
  const { receive, asked } = engineOf((name) => (name === 'Pull' ? refuse(codes.deadlineExceeded)() : {}));
  expect((await receive()).messages).toEqual([]);
  expect((await receive()).messages).toEqual([]);
  expect(asked).toEqual(['Pull', 'GetSubscription', 'Pull', 'GetSubscription']);
});

it('takes being forbidden to look as a sign of life', async () => {
  const { receive } = engineOf((name) =>
    refuse(name === 'Pull' ? codes.deadlineExceeded : codes.permissionDenied)(),
  );
  expect((await receive()).messages).toEqual([]);
});

it.each([codes.deadlineExceeded, UNAVAILABLE])('fails when there was none for --wait (%i)', async (code) => {
  await expect(engineOf(refuse(code)).receive()).rejects.toMatchObject({ code });
});

it('fails at once when trying again is useless', async () => {
  const { receive, asked } = engineOf(refuse(codes.notFound));
  await expect(receive()).rejects.toMatchObject({ code: codes.notFound });
  expect(asked).toEqual(['Pull']);
});

it('acknowledges and extends in requests of a thousand', async () => {
  const { engine, asked } = engineOf(() => ({}));
  expect(await engine.acknowledge(leased(2001))).toEqual([]);
  await engine.extend(leased(1001));
  expect(asked).toEqual([...Array(3).fill('Acknowledge'), ...Array(2).fill('ModifyAckDeadline')]);
});

it.each([codes.failedPrecondition, codes.invalidArgument])(
  'loses messages when a subscription that delivers exactly once says so (%i)',
  async (code) => {
    const messages = leased(2);
    const lost = await engineOf(refuse(code)).engine.acknowledge(messages);
    expect(lost).toEqual(messages.map((item) => ({ item })));
  },
);

it.each([codes.notFound, codes.permissionDenied, UNAVAILABLE])(
  'tells of an acknowledgement that failed with %i',
  async (code) => {
    await expect(engineOf(refuse(code)).engine.acknowledge(leased(2))).rejects.toMatchObject({ code });
  },
);
