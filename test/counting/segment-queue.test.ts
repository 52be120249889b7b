import { describe, expect, it } from 'vitest';
import { SegmentQueue, sharedNumbers, shouldStop } from '../../src/counting/segment-queue.ts';

/** The queues of the main thread and of another, of ten segments. */
function queues() {
  const shared = sharedNumbers();
  const of = (isMain: boolean) => new SegmentQueue({ shared, count: 10, threads: 2, isMain });
  return [of(true), of(false)] as const;
}

describe('a queue of segments', () => {
  it('gives each segment once', () => {
    const [main, other] = queues();
    expect(main.take()).toBe(0);
    main.report(0, 100_000, 100);
    expect([other.take(), main.take(), other.take()]).toEqual([1, 2, 3]);
    main.close();
    expect(other.take()).toBeUndefined();
    for (let segment = 4; segment < 10; segment++) expect(main.take()).toBe(segment);
    expect(main.take()).toBeUndefined();
  });

  it('leaves all to the main thread when its lines make very many groups, whenever they do', () => {
    for (const first of [100_000, 10]) {
      const [main, other] = queues();
      main.take();
      main.report(0, 100_000, first);
      if (first === 10) {
        expect([other.take(), main.take()]).toEqual([1, 2]);
        main.report(2, 100_000, 100_000);
      }
      expect(other.take()).toBeUndefined();
      expect(main.take()).toBe(first === 10 ? 3 : 1);
    }
  });

  it('leaves all to the others when the lines of one make very many groups', () => {
    const [main, other] = queues();
    main.take();
    main.report(0, 100_000, 10);
    expect(other.take()).toBe(1);
    other.report(1, 100_000, 100_000);
    expect(other.take()).toBeUndefined();
    expect(main.take()).toBe(2);
  });
});

describe('a thread', () => {
  const many = { groups: 150_000, newLines: 90_000, newGroups: 80_000, linesToCome: 2_000_000 };

  it('is of no help where nearly every line makes a group, and too few are to come', () => {
    expect(shouldStop(many)).toBe(true);
    expect(shouldStop({ ...many, newGroups: 90_000, linesToCome: 1e12 })).toBe(true);
    expect(shouldStop({ ...many, newGroups: 30_000, linesToCome: 200_000 })).toBe(true);
  });

  it('helps where groups are few, or most of them are known while many lines are to come', () => {
    expect(shouldStop({ ...many, groups: 45_000 })).toBe(false);
    expect(shouldStop({ ...many, newGroups: 45_000 })).toBe(false);
    expect(shouldStop({ ...many, linesToCome: 20_000_000 })).toBe(false);
  });

  it('helps to the end where the lines make few new groups', () => {
    expect(shouldStop({ ...many, newGroups: 20_000, linesToCome: 0 })).toBe(false);
  });

  it('helps on after a segment without lines', () => {
    expect(shouldStop({ ...many, newLines: 0, newGroups: 0 })).toBe(false);
  });
});
