import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ended, until } from '../harness.ts';
import { scheduled, states, stop } from '../scheduled.ts';

/** A graph that writes down its name each second, into the folder above its own. */
const graphOf = (name: string) =>
  `dag: ${name}\nschedule: "@every 1s"\ntasks: {say: {run: 'echo "$ETL_JOB" >> ../said'}}\n`;

describe('schedule with files of tasks', () => {
  it('runs them beside a crontab, and reads a folder again when it changes', async () => {
    const { begin, file, lines, rows } = await scheduled('@every 1s echo line >> said\n');
    mkdirSync(file('graphs'));
    writeFileSync(file('graphs/one.yaml'), graphOf('one'));
    writeFileSync(file('graphs/hand.yaml'), 'tasks: {a: {run: "false"}}\n');
    const schedule = begin(['--watch', 'crontab', 'graphs']);
    let stderr = '';
    schedule.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    await until(() => lines('said').includes('one') && lines('said').includes('line'), 'both run');
    writeFileSync(file('graphs/two.yaml'), 'tasks: {b: {rn: x}}\n');
    await until(
      () => stderr.includes('crontab, graphs: the jobs stay as they were\n'),
      'a bad one is noticed',
    );
    expect(stderr).toContain('schedule: graphs/two.yaml:1:13: unknown key');
    const before = lines('said').filter((name) => name === 'one').length;
    await until(() => lines('said').filter((name) => name === 'one').length > before, 'the first goes on');
    writeFileSync(file('graphs/two.yaml'), graphOf('two'));
    rmSync(file('graphs/one.yaml'));
    await until(() => lines('said').includes('two'), 'the second runs');
    const from = lines('said').indexOf('two');
    await until(() => lines('said').filter((name) => name === 'two').length > 2, 'it goes on');
    // What had begun when the file went may have come in between.
    expect(
      lines('said')
        .slice(from)
        .filter((name) => name === 'one').length,
    ).toBeLessThan(2);
    await stop(schedule);
    expect(states(rows(), 'two')).toContain('success');
    expect(states(rows(), 'hand')).toEqual([]);
  });

  it('says all that is wrong with all files, and starts nothing', async () => {
    const { begin, file, rows } = await scheduled('@reboot touch ran\n61 * * * * x\n');
    writeFileSync(file('a.yaml'), 'tasks: {touch: {needs: [b], run: touch ran}}\n');
    writeFileSync(file('touch.yaml'), 'tasks: {a: {run: touch ran}}\n');
    const { status, stdout, stderr } = await ended(begin(['crontab', 'a.yaml', 'touch.yaml']));
    expect([status, stdout, rows()]).toEqual([78, '', []]);
    expect(stderr).toBe(
      'schedule: crontab:2:1: minute: 61 is not from 0 to 59\n' +
        'schedule: a.yaml:1:25: needs: no task "b"\n' +
        'schedule: touch.yaml:1:1: the job at crontab:1 is also named "touch"\n',
    );
  });
});
