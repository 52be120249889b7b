import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rejects } from '../../src/cli/rejects.ts';
import { Failure, status } from '../../src/failure.ts';
import { privateFolder } from '../harness.ts';

const POLICY = { file: undefined, strict: false, max: undefined, verbose: false, isBatch: false };

const line = (number: number, text = `line ${number}`) => ({ text, source: 'log', number, torn: false });

function rejects(policy: Partial<ConstructorParameters<typeof Rejects>[0]> = {}) {
  const said: string[] = [];
  return { said, rejects: new Rejects({ ...POLICY, ...policy }, (message) => said.push(message)) };
}

describe('Rejects', () => {
  it('says nothing when nothing was rejected', () => {
    const { said, rejects: none } = rejects({ strict: true });
    none.accept(3);
    expect([none.close(), said]).toEqual([false, []]);
  });

  it('explains the first of each kind and counts all', () => {
    const { said, rejects: some } = rejects();
    some.accept(57);
    some.reject(line(1), { kind: 'empty', detail: 'line is empty' });
    some.reject(line(7), { kind: 'empty', detail: 'line is empty' });
    some.reject(line(9), { kind: 'not a number', detail: 'value is not a number: "ERR"' });
    expect(some.close()).toBe(false);
    expect(said).toEqual([
      'log:1: line is empty',
      'log:9: value is not a number: "ERR"',
      '3 of 60 lines rejected: 2 empty, 1 not a number',
    ]);
  });

  it('is not too much when other values of a line were used', () => {
    const { said, rejects: some } = rejects();
    some.reject(line(1), { kind: 'empty', detail: 'value is empty', isPartial: true });
    some.reject(line(2), { kind: 'empty', detail: 'value is empty' }, 2);
    expect(some.close()).toBe(false);
    expect(said.at(-1)).toBe('3 of 3 lines rejected, 1 of them in part: 3 empty');
  });

  it('explains all when it is verbose', () => {
    const { said, rejects: all } = rejects({ verbose: true });
    all.accept(1);
    for (const number of [1, 2]) all.reject(line(number), { kind: 'empty', detail: 'line is empty' });
    all.close();
    expect(said).toEqual(['log:1: line is empty', 'log:2: line is empty', '2 of 3 lines rejected: 2 empty']);
  });

  it('is too much when nothing was accepted', () => {
    const { said, rejects: only } = rejects();
    only.reject(line(1), { kind: 'empty', detail: 'line is empty' });
    expect(only.close()).toBe(true);
    expect(said.at(-1)).toBe('1 of 1 line rejected: 1 empty');
  });

  it.each([
    ['any, when it is strict', { strict: true }, 1, true],
    ['as many as allowed', { max: { count: 2, percent: false } }, 2, false],
    ['one more than allowed', { max: { count: 2, percent: false } }, 3, true],
    ['none allowed', { max: { count: 0, percent: false } }, 1, true],
    ['a tenth, allowed', { max: { count: 10, percent: true } }, 10, false],
    ['more than a tenth', { max: { count: 10, percent: true } }, 11, true],
    ['a fraction of a percent', { max: { count: 0.5, percent: true } }, 1, true],
  ])('judges %s', (_, policy, rejected, tooMany) => {
    const { rejects: some } = rejects(policy);
    some.accept(100 - rejected);
    for (let number = 1; number <= rejected; number++)
      some.reject(line(number), { kind: 'empty', detail: 'line is empty' });
    expect(some.close()).toBe(tooMany);
  });

  it('appends what is rejected to its file, as it came', async () => {
    const file = join(await privateFolder(), 'rejects');
    writeFileSync(file, 'of yesterday\n');
    const { rejects: kept } = rejects({ file });
    kept.reject(line(1, 'ERR,ü'), { kind: 'empty', detail: '' });
    kept.reject(line(2, ''), { kind: 'empty', detail: '' });
    kept.close();
    expect(readFileSync(file, 'utf8')).toBe('of yesterday\nERR,ü\n\n');
  });

  it('fails with the name of a file that cannot be written', () => {
    const { rejects: kept } = rejects({ file: '/dev/full' });
    const reject = () => kept.reject(line(1), { kind: 'empty', detail: '' });
    expect(reject).toThrow(Failure);
    expect(reject).toThrow(
      expect.objectContaining({ status: status.io, message: '/dev/full: no space left on device' }),
    );
    kept.close();
  });
});
