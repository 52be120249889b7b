import { expect, it } from 'vitest';
import { Arrivals } from '../../../src/queues/pubsub/arrivals.ts';
import { Connection } from '../../../src/queues/pubsub/connection.ts';
import { codes, Refusal } from '../../../src/queues/pubsub/failures.ts';

const UNAVAILABLE = 14;
const settings = {
  ...{ waitMs: 30, signal: new AbortController().signal, env: {} },
  ...{ now: () => 0, warn() {}, explain() {} },
};

function refusal(code: number): Refusal {
  return new Refusal('q', { code, details: 'no', message: 'no' });
}

/** What is asked of a service, and heard, until it fails or `rounds` are over. @param answer throws for a refusal */
async function heard(answer: (name: string, time: number) => object, rounds = 20) {
  const asked: string[] = [];
  class Service extends Connection {
    override async once(name: string): Promise<object> {
      asked.push(name.replace(/.*\//, ''));
      return answer(name, asked.length);
    }
  }
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    let round = 0;
    const hear = (what: string) => {
      told.push(what);
      if (what.startsWith('failed') || ++round >= rounds) resolve();
      else arrivals.ask(5000);
    };
    const arrivals = new Arrivals({
      connection: new Service({ shown: 'q', project: 'p' }, settings),
      subscription: 's',
      arrived: (messages) => hear(`arrived ${messages.length}`),
      paused: () => hear('paused'),
      failed: (error) => hear(`failed ${error instanceof Refusal ? error.code : error}`),
    });
    arrivals.ask(1);
  });
  return { asked, told };
}

it('asks for a sign of life after a request without an answer', async () => {
  const { asked, told } = await heard((name) => {
    if (name.endsWith('Pull')) throw refusal(codes.deadlineExceeded);
    return {};
  }, 3);
  expect(asked).toEqual(['Pull', 'GetSubscription', 'Pull', 'GetSubscription', 'Pull']);
  expect(told).toEqual(['paused', 'paused', 'paused']);
});

it('takes being forbidden to look as a sign of life', async () => {
  const { told } = await heard((name) => {
    throw refusal(name.endsWith('Pull') ? codes.deadlineExceeded : codes.permissionDenied);
  }, 3);
  expect(told).toEqual(['paused', 'paused', 'paused']);
});

it.each([codes.deadlineExceeded, UNAVAILABLE])('fails when there was none for --wait (%i)', async (code) => {
  const { told } = await heard(() => {
    throw refusal(code);
  });
  expect(told.at(-1)).toBe(`failed ${code}`);
});

it('fails at once when trying again is useless', async () => {
  const { told } = await heard(() => {
    throw refusal(codes.notFound);
  });
  expect(told).toEqual([`failed ${codes.notFound}`]);
});
