import { expect, it } from 'vitest';
import { batchVariables } from '../../src/queues/batch-variables.ts';

const message = (sequence: number) => ({ sequence, time: 0, body: Buffer.from('a') });

it('a command is told what its batch is, and a name for what it makes of it', () => {
  const batch = { queueId: '1f0c', partition: 3, messages: [message(12), message(13)], tries: 2 };
  expect(batchVariables('dir/rc.queue', batch)).toEqual({
    ETL_QUEUE: 'dir/rc.queue',
    ETL_PARTITION: '3',
    ETL_FIRST: '12',
    ETL_LAST: '13',
    ETL_COUNT: '2',
    ETL_TRY: '3',
    ETL_BATCH: 'rc.queue-1f0c-3-00000000000000000012',
  });
});

it.each([
  ['q#dead', 'q=23dead'],
  ['ü =%', '=C3=BC=20=3D=25'],
  ['Az09._-', 'Az09._-'],
  ['kafka://user@host:9092,other:9092/topic?compression=zstd', 'topic'],
  ['sqs://posts.fifo', 'posts.fifo'],
])('the name of %j may be a part of a path', (queue, name) => {
  const { ETL_BATCH = '' } = batchVariables(queue, {
    queueId: 'a',
    partition: 0,
    messages: [message(0)],
    tries: 0,
  });
  expect(ETL_BATCH).toBe(`${name}-a-0-00000000000000000000`);
  expect(ETL_BATCH).toMatch(/^[A-Za-z0-9._=-]+$/);
});

it('a batch of messages without numbers is named by all of its ids', () => {
  const named = (ids: string[]) =>
    batchVariables('sqs://q', {
      ...{ queueId: '', partition: 0, tries: 0 },
      messages: ids.map((messageId) => ({ messageId, sequence: undefined, time: 0, body: Buffer.of() })),
    });
  expect(named(['a', 'b'])).not.toHaveProperty('ETL_FIRST');
  expect(named(['a', 'b']).ETL_BATCH).toMatch(/^q-[0-9a-f]{16}$/);
  expect(named(['a', 'b'])).toEqual(named(['a', 'b']));
  expect(named(['a', 'b']).ETL_BATCH).not.toBe(named(['ab']).ETL_BATCH);
});
