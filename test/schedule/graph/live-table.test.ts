import { expect, it, onTestFinished, vi } from 'vitest';
import { LiveTable, type TerminalView } from '../../../src/schedule/graph/live-table.ts';
import { graphOf } from './graphs.ts';

const LONG = `${'x'.repeat(120)}.last`;

/** A table on a terminal of this size, and all that was written there since it was switched on. */
function tableOn(names: readonly string[], size: { columns: number; rows?: number }) {
  const screen = new Screen(size.rows ?? 1000);
  let now = 0;
  const view: TerminalView = {
    ...{ colour: false, unicode: true, now: () => now },
    ...{ columns: () => size.columns, rows: () => size.rows },
    write: async (text) => screen.write(text),
  };
  const table = new LiveTable(
    graphOf(`tasks:\n${names.map((name) => `  ${name}: {run: x}\n`).join('')}`),
    view,
  );
  const change = (task: string, state: 'running' | 'success') => table.change({ task, state });
  return {
    ...{ table, screen, change },
    at: (ms: number) => {
      now = ms;
    },
  };
}

/** What moves the cursor up, what wipes, the end of a line, and text; escapes as terminals show them: `^[`. */
const PIECES = /\^\[\[(?:(\d+)F|([KJ]))|\n|[^^\n]+/g;

/** Lines, of which the last ones are on the screen: a cursor goes no higher. */
class Screen {
  readonly lines: string[] = [''];
  readonly #rows: number;
  #line = 0;
  #column = 0;

  constructor(rows: number) {
    this.#rows = rows;
  }

  write(text: string): void {
    for (const [piece, up, erase] of text.replaceAll('\u001b', '^[').matchAll(PIECES)) {
      if (up !== undefined)
        this.#moveTo(Math.max(this.#line - Number(up), this.lines.length - this.#rows, 0));
      else if (erase === 'J') this.lines.splice(this.#line, this.lines.length, '');
      else if (erase === 'K') this.#put('');
      else if (piece === '\n') this.#moveTo(this.#line + 1);
      else this.#put(piece);
    }
  }

  /** Over what there was from here on: whoever draws wipes the rest of each line. */
  #put(text: string): void {
    this.lines[this.#line] = (this.lines[this.#line] ?? '').slice(0, this.#column) + text;
    this.#column += text.length;
  }

  #moveTo(line: number): void {
    this.#line = line;
    this.#column = 0;
    this.lines[line] ??= '';
  }
}

async function shown(columns: number): Promise<string[]> {
  const { table, screen, change, at } = tableOn(['a', LONG], { columns });
  change('a', 'running');
  at(61_500);
  table.change({ task: 'a', state: 'failed', status: 75, reason: 'timeout' });
  table.change({ task: LONG, state: 'upstream_failed', status: undefined, reason: undefined });
  await table.close();
  return screen.lines.slice(0, -1);
}

it('shows states beside a name that is longer than the screen', async () => {
  const [a = '', long = '', sum] = await shown(100);
  expect(a).toMatch(/^✗ a {35} {2}failed {9} {3}61\.5s {2}timeout {2}exit status 75$/);
  expect(long).toMatch(/^✗ x{12}\.\.\.x{16}\.last {2}upstream failed$/);
  expect(sum).toBe('2 tasks: 1 failed, 1 upstream failed');
});

it('wraps no line', async () => {
  for (const columns of [1, 20, 60])
    for (const line of await shown(columns)) expect(line.length).toBeLessThan(Math.max(2, columns));
});

const NAMES = Array.from({ length: 30 }, (_, at) => `task${at}`);

it.each([2, 3, 6, 17, 18, 40])('repeats nothing on a terminal of %i lines', async (rows) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { table, screen, change } = tableOn(NAMES, { columns: 80, rows });
  for (const state of ['running', 'success'] as const)
    for (const name of NAMES) {
      change(name, state);
      await vi.advanceTimersByTimeAsync(100);
    }
  await table.close();
  expect(screen.lines.length).toBe(Math.min(16 + 2, rows));
  expect(screen.lines.at(-2)).toBe('30 tasks: 30 success');
});

it('leaves room for what is said beside it', async () => {
  const { table, screen, change } = tableOn(['a'], { columns: 80, rows: 6 });
  change('a', 'running');
  table.beside(() => screen.write('run-tasks: runs.db: busy\n'));
  change('a', 'success');
  await table.close();
  table.beside(() => screen.write('the end\n'));
  expect(screen.lines).toEqual([
    'run-tasks: runs.db: busy',
    expect.stringMatching(/^✓ a {2}success/),
    '1 tasks: 1 success',
    'the end',
    '',
  ]);
});
