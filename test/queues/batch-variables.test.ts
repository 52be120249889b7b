import { expect, it } from 'vitest';
import { batchVariables } from '../../src/queues/batch-variables.ts';

const message = (sequence: number) => ({ sequence, time: 0, body: Buffer.from('a') });

it('a command is told what its batch is, and a name for what it makes of it', () => {
  const batch = { partition: 3, messages: [message(12), message(13)], tries: 2 };
  expect(batchVariables('dir/rc.queue', batch)).toEqual({
    ETL_QUEUE: 'dir/rc.queue',
    ETL_PARTITION: '3',
    ETL_FIRST: '12',
    ETL_LAST: '13',
    ETL_COUNT: '2',
    ETL_TRY: '3',
    ETL_BATCH: 'rc.queue-3-00000000000000000012',
  });
});

it.each([
  ['q#dead', 'q=23dead'],
  ['ü =%', '=C3=BC=20=3D=25'],
  ['Az09._-', 'Az09._-'],
])('the name of %j may be a part of a path', (queue, name) => {
  const { ETL_BATCH = '' } = batchVariables(queue, { partition: 0, messages: [message(0)], tries: 0 });
  expect(ETL_BATCH).toBe(`${name}-0-00000000000000000000`);
  expect(ETL_BATCH).toMatch(/^[A-Za-z0-9._=-]+$/);
});
