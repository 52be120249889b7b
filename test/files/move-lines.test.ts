import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Move, moveLines, withMovable } from '../../src/files/move-lines.ts';
import type { LockedFile } from '../../src/files/replace.ts';
import { tail } from '../../src/readings/tail.ts';
import { privateFolder } from '../harness.ts';

const NOW = { waitMs: 0 };

/** Where a process dies: what follows the step does not happen. */
type Death = 'after the note' | 'within the append' | 'after the append' | 'after the replacement' | 'never';

class World {
  readonly file: string;
  readonly to: string;
  readonly folder: string;
  /** What was said of half a line. */
  readonly torn: string[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, 'file');
    this.to = join(folder, 'old');
  }

  /** Adds lines to a file of at most `count` lines, and dies on the way. */
  async add(lines: string, count: number, death: Death, file = this.file): Promise<void> {
    let leaving = 0;
    await withMovable(file, this.to, NOW, async (locked) => {
      if (death !== 'never') dieIn(locked, death, this.note);
      const divide = () => {
        const all = Buffer.concat([locked.read() ?? Buffer.alloc(0), Buffer.from(lines)]);
        const parts = tail(all, { count });
        leaving = parts.leaving.length;
        return parts;
      };
      const reportTorn: Move['reportTorn'] = ({ bytes, number }) => this.torn.push(`${number}: ${bytes}`);
      const work = moveLines(locked, { divide, to: this.to, reportTorn }, NOW);
      await work.catch((error: unknown) => {
        if (!String(error).includes('killed')) throw error;
      });
    });
    const size = readFileSync(this.to).length;
    if (death === 'after the note') truncateSync(this.to, size - leaving);
    if (death === 'within the append') truncateSync(this.to, size - Math.ceil(leaving / 2));
    if (existsSync(`${this.note}.kept`)) renameSync(`${this.note}.kept`, this.note);
  }

  get note(): string {
    return join(this.folder, '.old.moving');
  }

  get kept(): string[] {
    return this.#lines(this.file);
  }

  get moved(): string[] {
    return this.#lines(this.to);
  }

  #lines(path: string): string[] {
    return existsSync(path)
      ? readFileSync(path, 'utf8')
          .split(/(?<=\n)/)
          .filter((line) => line !== '')
      : [];
  }
}

function dieIn(locked: LockedFile, death: Death, note: string): void {
  const replace = locked.replace.bind(locked);
  locked.replace = (content) => {
    if (death !== 'after the replacement') throw new Error('killed');
    // It goes on here, but the note is put back afterwards.
    if (existsSync(note)) copyFileSync(note, `${note}.kept`);
    replace(content);
  };
}

const deaths: Death[] = ['after the note', 'within the append', 'after the append', 'after the replacement'];
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`);
const text = (from: number, to: number) => numbers(from, to).join('');

describe('moveLines', () => {
  it('moves what leaves, keeps the rest, and leaves nothing else', async () => {
    const world = new World(await privateFolder());
    await world.add(text(1, 5), 3, 'never');
    expect([world.moved, world.kept]).toEqual([numbers(1, 2), numbers(3, 5)]);
    await world.add(text(6, 7), 3, 'never');
    expect([world.moved, world.kept]).toEqual([numbers(1, 4), numbers(5, 7)]);
    expect(readdirSync(world.folder).sort()).toEqual(['file', 'old']);
  });

  it('adds behind what others wrote there; half a line of theirs is told and taken off', async () => {
    const world = new World(await privateFolder());
    writeFileSync(world.to, 'theirs\nhalf');
    await world.add(text(1, 4), 3, 'never');
    expect(world.moved).toEqual(['theirs\n', '1\n']);
    expect(world.torn).toEqual(['2: half']);
  });

  describe.each(deaths)('when a process dies %s', (death) => {
    it.each([
      ['the same lines', 61, 63],
      ['fewer lines', 61, 61],
      ['more lines', 61, 80],
      ['other lines', 101, 102],
      ['so many lines that all others leave', 61, 200],
    ])('the next one, with %s, has every line once', async (_, from, to) => {
      const world = new World(await privateFolder());
      await world.add(text(1, 60), 60, 'never');
      await world.add(text(61, 63), 60, death);
      const arrived = [...numbers(1, 60), ...(death === 'after the replacement' ? numbers(61, 63) : [])];
      await world.add(text(from, to), 60, 'never');
      expect([...world.moved, ...world.kept]).toEqual([...arrived, ...numbers(from, to)]);
      expect(world.kept).toHaveLength(60);
      expect(existsSync(world.note)).toBe(false);
      expect(world.torn).toEqual([]);
    });

    it('the next one takes back nothing that another program has appended meanwhile', async () => {
      const world = new World(await privateFolder());
      await world.add(text(1, 60), 60, 'never');
      await world.add(text(61, 63), 60, death);
      writeFileSync(world.to, 'theirs\n', { flag: 'a' });
      await world.add(text(64, 64), 60, 'never');
      expect(world.moved.filter((line) => line.endsWith('theirs\n'))).toHaveLength(1);
    });

    // README: "Lines that leave the window go to `--overflow`, each exactly once; other programs may append to that
    // file, too."
    it('the next one has every line once, though another program has appended meanwhile', async () => {
      const world = new World(await privateFolder());
      await world.add(text(1, 60), 60, 'never');
      await world.add(text(61, 63), 60, death);
      writeFileSync(world.to, 'theirs\n', { flag: 'a' });
      await world.add(text(64, 64), 60, 'never');
      const all = [...world.moved, ...world.kept].filter((line) => /^\d+\n$/.test(line));
      const arrived = [...numbers(1, death === 'after the replacement' ? 63 : 60), '64\n'];
      // Half a line cannot be told from what was written behind it.
      expect(all).toEqual(arrived);
      expect(existsSync(world.note)).toBe(false);
    });

    it('the next one from another file finishes it, though another program has appended meanwhile', async () => {
      const world = new World(await privateFolder());
      await world.add(text(1, 60), 60, 'never');
      await world.add(text(61, 63), 60, death);
      writeFileSync(world.to, 'theirs\n', { flag: 'a' });
      await world.add(text(901, 904), 2, 'never', join(world.folder, 'other file'));
      const all = [...world.moved, ...world.kept].filter((line) => /^\d{1,2}\n$/.test(line));
      expect(all.sort()).toEqual(numbers(1, death === 'after the replacement' ? 63 : 60).sort());
    });

    it('the next one repairs it also when nothing leaves by its own lines', async () => {
      const world = new World(await privateFolder());
      await world.add(text(1, 60), 60, 'never');
      await world.add(text(61, 63), 60, death);
      await world.add('', 100, 'never');
      const arrived = death === 'after the replacement' ? 63 : 60;
      expect([...world.moved, ...world.kept]).toEqual(numbers(1, arrived));
    });

    it('the next one may come from another file', async () => {
      const world = new World(await privateFolder());
      await world.add(text(1, 60), 60, 'never');
      await world.add(text(61, 63), 60, death);
      await world.add(text(901, 904), 2, 'never', join(world.folder, 'other file'));
      const moved = death === 'after the replacement' ? numbers(1, 3) : [];
      expect(world.moved).toEqual([...moved, ...numbers(901, 902)]);
      await world.add(text(64, 64), 60, 'never');
      const all = [...world.moved, ...world.kept].filter((line) => line.length < 4);
      expect(all).toEqual([...numbers(1, moved.length === 0 ? 60 : 63), '64\n']);
    });
  });

  it('has every line once after any number of deaths', async () => {
    const step = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      window: fc.integer({ min: 1, max: 8 }),
      death: fc.constantFrom<Death>(...deaths, 'never'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const world = new World(await privateFolder());
        const arrived: string[] = [];
        let next = 1;
        for (const { count, window, death } of [...steps, { count: 1, window: 3, death: 'never' as const }]) {
          const lines = numbers(next, next + count - 1);
          next += count;
          await world.add(lines.join(''), window, death);
          if (death === 'never' || death === 'after the replacement') arrived.push(...lines);
        }
        expect([...world.moved, ...world.kept]).toEqual(arrived);
      }),
      { numRuns: 40 },
    );
  });

  it('never takes back what was appended behind it, nor a line of a file that was emptied meanwhile', async () => {
    const world = new World(await privateFolder());
    await world.add(text(1, 3), 3, 'never');
    await world.add('4\n', 3, 'after the append');
    writeFileSync(world.to, 'theirs\n', { flag: 'a' });
    await world.add('5\n', 3, 'never');
    expect(world.moved).toContain('theirs\n');
    await world.add('6\n', 3, 'after the append');
    writeFileSync(world.to, '');
    await world.add('7\n', 3, 'never');
    expect(world.moved).toEqual(['2\n']);
  });

  it.each(['', '{"from":', 'null', '{}', '\0\0\0\0'])('ignores a note that is %j', async (note) => {
    const world = new World(await privateFolder());
    await world.add(text(1, 5), 3, 'never');
    writeFileSync(world.note, note);
    await world.add('6\n', 3, 'never');
    expect([...world.moved, ...world.kept]).toEqual(numbers(1, 6));
    expect(existsSync(world.note)).toBe(false);
  });

  it('finds its note by whatever link it comes', async () => {
    const world = new World(await privateFolder());
    symlinkSync('.', join(world.folder, 'same'));
    await world.add(text(1, 3), 3, 'never');
    await world.add('4\n', 3, 'after the append');
    const link = new World(join(world.folder, 'same'));
    await link.add('5\n', 3, 'never');
    expect([...world.moved, ...world.kept]).toEqual([...numbers(1, 3), '5\n']);
  });
});
