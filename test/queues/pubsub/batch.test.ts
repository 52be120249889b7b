import { expect, it } from 'vitest';
import { Failure, status } from '../../../src/failure.ts';
import { type Out, PubsubBatch } from '../../../src/queues/pubsub/batch.ts';
import { Connection } from '../../../src/queues/pubsub/connection.ts';
import { codes, Refusal } from '../../../src/queues/pubsub/failures.ts';
import { Leases, type Taken } from '../../../src/queues/pubsub/leases.ts';
import { LostBatch } from '../../../src/queues/queue.ts';

const settings = {
  ...{ waitMs: 0, signal: new AbortController().signal, env: {} },
  ...{ now: () => 0, warn() {}, explain() {} },
};
const again = { delayMs: 0, tries: 1, delays: 0 };

/** A batch of some messages of a service that answers acknowledgements so. */
function batchOf(count: number, answer: () => Promise<object>) {
  const asked: string[] = [];
  class Service extends Connection {
    override async once(): Promise<object> {
      return {};
    }
    override async ask(name: string): Promise<object> {
      asked.push(name);
      return answer();
    }
  }
  const connection = new Service({ shown: 'q', project: 'p' }, settings);
  const leases = new Leases(connection, 's', 1000);
  const taken = Array.from({ length: count }, (_, at): Taken => {
    const message = { sequence: undefined, messageId: `m${at}`, time: 0, body: Buffer.from('x') };
    return { message, ackId: `a${at}`, since: Number(process.hrtime.bigint()) / 1e6 };
  });
  leases.keep(taken);
  const did: string[] = [];
  const out: Out = {
    ...{ shown: 'q', connection, subscription: 's', leases },
    giveBack: () => void did.push('giveBack'),
    halve: () => void did.push('halve'),
    putDead: async () => void did.push('putDead'),
    done: (isUsed) => void did.push(isUsed ? 'used' : 'held'),
  };
  const batch = new PubsubBatch({ lane: undefined, messages: taken, tries: 0, delays: 0 }, out);
  return { batch, did, asked, lose: () => leases.letGo(taken), end: () => leases.letGo(taken) };
}

const done = async () => ({});

function refusal(code: number) {
  return async () => {
    throw new Refusal('q', { code, details: 'no', message: 'no' });
  };
}

it('is acknowledged in requests of a thousand', async () => {
  const { batch, did, asked, end } = batchOf(2001, done);
  await batch.acknowledge();
  expect([asked.length, did]).toEqual([3, ['used']]);
  end();
});

it.each([codes.failedPrecondition, codes.invalidArgument])(
  'is lost when a subscription that delivers exactly once says so (%i)',
  async (code) => {
    const { batch, did, end } = batchOf(2, refusal(code));
    await expect(batch.acknowledge()).rejects.toThrow(LostBatch);
    expect(did).toEqual(['used']);
    end();
  },
);

it.each([
  [codes.notFound, status.unavailable],
  [codes.permissionDenied, status.unavailable],
  [14, status.temporary],
])('tells of an acknowledgement that failed with %i as %i', async (code, wanted) => {
  const { batch, end } = batchOf(2, refusal(code));
  const error = await batch.acknowledge().catch((reason) => reason);
  expect([error instanceof Failure, error instanceof LostBatch, error.status]).toEqual([true, false, wanted]);
  end();
});

it('is not given back, halved or buried when it may be another’s, but acknowledged all the same', async () => {
  const { batch, did, asked, lose } = batchOf(2, done);
  lose();
  await expect(batch.giveBack(again)).rejects.toThrow('q: 2 messages were out for longer than the lease');
  await expect(batch.halve(0)).rejects.toThrow(LostBatch);
  await expect(batch.acknowledge()).rejects.toThrow(LostBatch);
  expect([did, asked]).toEqual([['used', 'used', 'used'], ['Subscriber/Acknowledge']]);
  const single = batchOf(1, done);
  single.lose();
  await expect(single.batch.bury({ tries: 0, status: 65, stderr: '' })).rejects.toThrow(LostBatch);
  expect(single.did).toEqual(['used']);
});

it('is a dead letter before it is acknowledged', async () => {
  const { batch, did, asked, end } = batchOf(1, done);
  await batch.bury({ tries: 0, status: 65, stderr: '' });
  expect([did, asked]).toEqual([['putDead', 'used'], ['Subscriber/Acknowledge']]);
  end();
});
