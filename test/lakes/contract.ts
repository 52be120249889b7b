/** The contract of all lakes. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { BadName, type Lake, type LakeSettings } from '../../src/lakes/lake.ts';
import { openLake } from '../../src/lakes/open.ts';

interface Fixture {
  /** The address of an empty lake, with a trailing slash. */
  readonly address: string;
  /** All names in the lake, including unfinished objects. */
  names(): Promise<string[]> | string[];
}

/** Registers the contract. @param fixture creates a lake for one test @param env the settings of its server */
export function lakeContract(fixture: () => Promise<Fixture>, env: LakeSettings['env'] = {}): void {
  const open = async (address: string, clobber = true): Promise<Lake> =>
    openLake(address, { clobber, waitMs: 0, env, explain() {}, signal: new AbortController().signal });
  const put = async (lake: Lake, name: string, ...parts: (string | Buffer)[]) => {
    const object = await lake.begin(name);
    for (const part of parts) await object.write(Buffer.from(part));
    return object.commit(name);
  };
  const get = async (lake: Lake, name: string): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of lake.get(name)) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  describe('a lake', () => {
    it('has nothing of an object before it is complete, then all of it', async () => {
      const { address, names } = await fixture();
      const lake = await open(address);
      const object = await lake.begin(undefined);
      await object.write(Buffer.from('one'));
      expect((await names()).filter((name) => !name.startsWith('.'))).toEqual([]);
      await object.write(Buffer.from('two'));
      expect(await object.commit('a.csv')).toBe('stored');
      expect(await names()).toEqual(['a.csv']);
      expect(await get(lake, 'a.csv')).toBe('onetwo');
      expect(lake.addressOf('a.csv')).toBe(`${address}a.csv`);
      expect(await get(await open(address), 'a.csv')).toBe('onetwo');
    });

    it('keeps bytes that are changed after they were written', async () => {
      const lake = await open((await fixture()).address);
      const object = await lake.begin('a');
      const bytes = Buffer.from('one');
      await object.write(bytes);
      bytes.fill(0);
      await object.commit('a');
      expect(await get(lake, 'a')).toBe('one');
    });

    it('has objects of no bytes, of many, and in folders', async () => {
      const { address, names } = await fixture();
      const lake = await open(address);
      const many = Array.from({ length: 40 }, (_, at) => String(at % 10).repeat(50_000));
      await put(lake, 'empty');
      await put(lake, 'date=2026-11-21/many', ...many);
      await put(lake, 'date=2026-11-21/other', 'x');
      expect((await names()).sort()).toEqual(['date=2026-11-21/many', 'date=2026-11-21/other', 'empty']);
      expect(await get(lake, 'empty')).toBe('');
      expect(await get(lake, 'date=2026-11-21/many')).toBe(many.join(''));
    });

    it('replaces an object, and leaves one with the same bytes alone', async () => {
      const lake = await open((await fixture()).address);
      expect(await put(lake, 'a', 'one')).toBe('stored');
      expect(await put(lake, 'a', 'one')).toBe('present');
      expect(await put(lake, 'a', 'two')).toBe('stored');
      expect(await put(lake, 'a', 'longer')).toBe('stored');
      expect(await get(lake, 'a')).toBe('longer');
    });

    it('keeps an object that is not to be replaced', async () => {
      const { address, names } = await fixture();
      const lake = await open(address, false);
      expect(await put(lake, 'a', 'one')).toBe('stored');
      expect(await put(lake, 'a', 'one')).toBe('present');
      await expect(put(lake, 'a', 'two')).rejects.toMatchObject({
        status: status.unavailable,
        message: `${address}a: already exists, with other content (--no-clobber)`,
      });
      expect([await get(lake, 'a'), await names()]).toEqual(['one', ['a']]);
    });

    it('has one of the objects of a name that are written at once, whole', async () => {
      const { address, names } = await fixture();
      const texts = Array.from({ length: 8 }, (_, at) => String(at).repeat(100_000));
      await Promise.all(
        texts.map(async (text) => {
          const object = await (await open(address)).begin('a');
          for (let at = 0; at < text.length; at += 10_000) {
            await object.write(Buffer.from(text.slice(at, at + 10_000)));
            await sleep(0);
          }
          await object.commit('a');
        }),
      );
      expect(texts).toContain(await get(await open(address), 'a'));
      expect(await names()).toEqual(['a']);
    });

    it('has nothing of an object that is given up', async () => {
      const { address, names } = await fixture();
      const lake = await open(address);
      const object = await lake.begin('a');
      await object.write(Buffer.from('one'));
      await object.discard();
      await object.discard();
      expect(await names()).toEqual([]);
    });

    it('lets an object be given up after it is complete, to no effect', async () => {
      const lake = await open((await fixture()).address);
      const object = await lake.begin('a');
      await object.commit('a');
      await object.discard();
      expect(await get(lake, 'a')).toBe('');
    });

    it.each(['', '..', '../a', 'a/../../b', '/a', 'a//b', 'a/', './a', 'a\0b', 'a\nb', 'x'.repeat(256)])(
      'has no object of the name %j',
      async (name) => {
        const { address, names } = await fixture();
        await expect(put(await open(address), name, 'x')).rejects.toThrow(BadName);
        expect(await names()).toEqual([]);
      },
    );

    it('says which object is missing', async () => {
      const { address } = await fixture();
      await expect(get(await open(address), 'none')).rejects.toMatchObject({
        status: status.noInput,
        message: expect.stringMatching(`^${address}none: no such (file or directory|object)$`),
      });
    });
  });
}
