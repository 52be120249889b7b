import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobsJson } from '../../../src/dashboard/page/runs/runs-json.ts';
import { ToldJobs } from '../../../src/dashboard/runs/told-jobs.ts';
import { LedgerReader } from '../../../src/ledger/reader.ts';
import { job, MINUTE, NOON, newRun, openedLedger, result } from '../../ledger/invented.ts';
import { asking } from './asking.ts';

/** A ledger with three jobs, each of which has run, and what of it is told since the last time. */
async function told() {
  const { ledger, path, open } = await openedLedger();
  await ledger.register([job('a'), job('b'), job('c')]);
  await ledger.add(['a', 'b', 'c'].map((name) => newRun(name, NOON, { state: 'running' })));
  const end = (run: number, name: string) => {
    ledger.ended({ run, task: name, number: 1 }, result('success'), [], { state: 'success' });
    return ledger.flush();
  };
  const asked = asking(path);
  let since: number | undefined;
  const news = async () => {
    const answer = await asked.json<JobsJson>(`/api/jobs${since === undefined ? '' : `?since=${since}`}`);
    expect([null, since]).toContain(answer.since);
    since = answer.version;
    return answer.jobs.map(({ name, recent, next }) =>
      [name, recent.map(({ state }) => state).join(), next].join(' '),
    );
  };
  return { ...asked, ledger, path, open, end, news, since: () => since };
}

const AT_ONE = '2026-11-21T12:01:00Z';

describe('jobs that are told since a version', () => {
  it('are those whose runs changed, and no others', async () => {
    const { end, news, ledger } = await told();
    expect(await news()).toHaveLength(3);
    await end(2, 'b');
    // Those that are under way are looked at, and are as they were.
    expect(await news()).toEqual([`b success ${AT_ONE}`]);
    expect(await news()).toEqual([]);
    await end(1, 'a');
    await end(3, 'c');
    await ledger.add([newRun('b', NOON + MINUTE)]);
    expect(await news()).toEqual([
      `a success ${AT_ONE}`,
      `b success,queued ${AT_ONE}`,
      `c success ${AT_ONE}`,
    ]);
  });

  it('are those that were paused, and those whose runs were removed', async () => {
    const { end, news, ledger } = await told();
    await end(1, 'a');
    await news();
    await ledger.write(({ sql }) => sql("UPDATE job SET paused = ? WHERE name = 'c'").run(NOON));
    expect(await news()).toEqual(['c running ']);
    await ledger.write(({ sql }) => sql('DELETE FROM run WHERE run = 1').run());
    expect(await news()).toEqual([`a  ${AT_ONE}`]);
  });

  it('are all when there are others, when the version is not known, and when there is another ledger', async () => {
    const { end, news, ledger, json, path, since, open } = await told();
    await news();
    await ledger.register([job('b'), job('a'), job('c')]);
    expect((await news()).map((text) => text[0])).toEqual(['b', 'a', 'c']);
    for (const version of [0, (since() ?? 0) + 1])
      expect(await json(`/api/jobs?since=${version}`)).toMatchObject({ since: null, jobs: [{}, {}, {}] });
    await end(1, 'a');
    await ledger.close(false);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    expect(await news()).toEqual([]);
    const other = await open();
    await other.register([job('a')]);
    expect(await news()).toEqual([`a  ${AT_ONE}`]);
  });

  it('are those of which something changed as time passed, whose due times are worked out no more than they must', async () => {
    const { path } = await told();
    const reader = new LedgerReader(path, { waitMs: 1000, signal: new AbortController().signal });
    onTestFinished(() => reader.close());
    let [now, count] = [NOON, 0];
    const moment = () => ({ lost: { runners: new Set<string>(), now }, isLive: true });
    const nextDueOf = (_: object, after: number) => {
      count += 1;
      return (Math.floor(after / MINUTE) + 1) * MINUTE;
    };
    const jobs = new ToldJobs({ reader, path, due: { nextDueOf, inWords: () => '' } }, NOON);
    const { version } = await jobs.answer(undefined, moment());
    now += MINUTE / 2;
    expect(await jobs.answer(version, moment())).toMatchObject({ version, since: version, jobs: [] });
    expect(count).toBe(3);
    now += MINUTE;
    const later = await jobs.answer(version, moment());
    expect(later.jobs.map((text) => JSON.parse(text).next)).toEqual(Array(3).fill('2026-11-21T12:02:00Z'));
    expect((await jobs.answer(later.version, moment())).jobs).toEqual([]);
  });

  it('say that one did not run, while there is a schedule that would have started it', async () => {
    const { path } = await told();
    const reader = new LedgerReader(path, { waitMs: 1000, signal: new AbortController().signal });
    onTestFinished(() => reader.close());
    const due = { nextDueOf: () => NOON + MINUTE, inWords: () => '' };
    const jobs = new ToldJobs({ reader, path, due }, NOON);
    const lost = { runners: new Set<string>(), now: NOON + 3 * MINUTE };
    const notices = async (isLive: boolean) =>
      (await jobs.answer(undefined, { lost, isLive })).jobs.flatMap((text) => JSON.parse(text).notices);
    expect(await notices(true)).toContain(`did not run at ${AT_ONE}`);
    expect((await notices(false)).join()).not.toContain('did not run');
  });

  it('has a version that is a whole number', async () => {
    const { answer } = await told();
    await expect(answer('/api/jobs?since=x')).rejects.toMatchObject({ status: 400 });
    await expect(answer('/api/jobs?after=1')).rejects.toMatchObject({ status: 400 });
  });
});
