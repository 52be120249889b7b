import { expect, it } from 'vitest';
import { LiveTable } from '../../../src/schedule/graph/live-table.ts';
import { readGraph } from '../../../src/schedule/graph/read-graph.ts';

const LONG = `${'x'.repeat(120)}.last`;

/** What a terminal of this width shows in the end. */
async function shown(columns: number): Promise<string[]> {
  const { graph } = readGraph(`tasks:\n  a: {run: x}\n  ${LONG}: {needs: [a], run: x}\n`, 'a.yaml');
  if (graph === undefined) throw new Error('not a graph');
  let text = '';
  let now = 0;
  const table = new LiveTable(graph, {
    ...{ colour: false, unicode: true, columns: () => columns, now: () => now },
    write: async (written) => {
      text += written;
    },
  });
  table.change({ task: 'a', state: 'running', status: undefined, reason: undefined });
  now = 61_500;
  table.change({ task: 'a', state: 'failed', status: 75, reason: 'timeout' });
  table.change({ task: LONG, state: 'upstream_failed', status: undefined, reason: undefined });
  await table.close();
  return text.replaceAll('\u001b[K', '').trimEnd().split('\n');
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
