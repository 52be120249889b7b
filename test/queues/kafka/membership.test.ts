/** A member of a group, with a coordinator that answers as it is told. */

import { expect, it, vi } from 'vitest';
import { Bell } from '../../../src/async/bell.ts';
import { Failure, status } from '../../../src/failure.ts';
import { parseKafkaAddress } from '../../../src/queues/kafka/address.ts';
import { decodeSubscription, encodeAssignment } from '../../../src/queues/kafka/assignment.ts';
import { Cluster } from '../../../src/queues/kafka/cluster.ts';
import { code } from '../../../src/queues/kafka/failure.ts';
import * as library from '../../../src/queues/kafka/library.ts';
import { Membership } from '../../../src/queues/kafka/membership.ts';

interface Protocol {
  readonly metadata: Buffer;
}

function refusal(apiCode: number): Error {
  return Object.assign(new Error('refused'), { apiCode });
}

/** A member of a coordinator, with what it does. */
function memberOf(answer: (name: string, args: readonly unknown[]) => unknown) {
  const cluster = new Cluster(parseKafkaAddress('kafka://h/t?session=30ms'), {
    ...{ waitMs: 1000, signal: new AbortController().signal, env: {}, now: () => 0 },
    ...{ warn: () => {}, explain: () => {} },
  });
  vi.spyOn(cluster, 'library').mockResolvedValue(library);
  vi.spyOn(cluster, 'coordinator').mockResolvedValue({ host: 'h', port: 1 });
  vi.spyOn(cluster, 'call').mockImplementation(async (_broker, name, args) => answer(name, args) as never);
  const adopted: boolean[] = [];
  const looks: string[] = [];
  const changed = new Bell();
  const membership = new Membership(cluster, {
    ...{ group: 'g', topic: 't', changed },
    adopt: (_partitions, isUnbroken) => adopted.push(isUnbroken),
    look: ({ id }) => looks.push(id),
  });
  return { membership, adopted, looks };
}

it('claims nothing when it comes back to a group that has thrown it out', async () => {
  const claims: (readonly number[])[] = [];
  let isOut = false;
  const { membership, adopted } = memberOf((name, args) => {
    if (name === 'JoinGroup') {
      const [{ metadata } = { metadata: Buffer.alloc(0) }] = args[6] as Protocol[];
      claims.push(decodeSubscription('', metadata, library).owned.get('t') ?? []);
      return { generationId: claims.length * 2, memberId: `m${claims.length}`, leader: 'other', members: [] };
    }
    if (name === 'SyncGroup') return { assignment: encodeAssignment(new Map([['t', [0]]]), library) };
    if (name === 'Heartbeat' && !isOut) {
      isOut = true;
      throw refusal(code.unknownMember);
    }
    return {};
  });
  await expect.poll(() => adopted).toEqual([false, false]);
  await membership.close();
  expect(claims).toEqual([[], []]);
});

it('tells before a commit which topic it is that has the name', async () => {
  const { membership, looks } = memberOf((name) => {
    if (name === 'JoinGroup') throw new Failure(status.temporary, 'later');
    return name === 'Metadata' ? { topics: [{ topicId: 'x' }] } : {};
  });
  await membership.look();
  await membership.look();
  await membership.close();
  expect(looks).toEqual(['x']);
});
