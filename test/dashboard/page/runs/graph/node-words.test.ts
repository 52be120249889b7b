import { describe, expect, it } from 'vitest';
import { neighbour } from '../../../../../src/dashboard/page/runs/graph/neighbours.ts';
import { nodeWords, ruleWords } from '../../../../../src/dashboard/page/runs/graph/node-words.ts';
import { drawWaves } from '../../../../../src/dashboard/page/runs/graph/waves.ts';
import { at, BEGIN, node, task } from '../run-fixtures.ts';

const NOW = BEGIN + 20_000;

describe('the box of a task', () => {
  it('says how long, how often, and why not', () => {
    const words = (more: Parameters<typeof task>[1]) => nodeWords(task('load', more), NOW).join(', ');
    expect(words({})).toBe('4.0 s');
    expect(words({ state: 'running', end: null, tries: 2 })).toBe('19 s, try 2');
    expect(words({ state: 'queued', start: null, end: null })).toBe('queued 20 s');
    expect(words({ state: 'failed', status: 69 })).toBe('exit 69');
    expect(words({ state: 'failed', reason: 'timeout' })).toBe('timeout');
    expect(words({ state: 'up_for_retry', retryAt: at(30) })).toBe('again in 10 s');
    expect(words({ state: 'up_for_retry', retryAt: at(10) })).toBe('again soon');
    expect(words({ state: 'upstream_failed' })).toBe('upstream failed');
    expect(words({ state: 'none' })).toBe('');
    expect(words({ state: 'running', end: null, items: { success: 6, skipped: 1, running: 5 } })).toBe(
      '7 of 12, 19 s',
    );
    expect(nodeWords(undefined, NOW)).toEqual([]);
  });

  it('says what is special about it', () => {
    expect(ruleWords({ triggerRule: 'all_success', waits: false })).toBe('');
    expect(ruleWords({ triggerRule: 'all_done', waits: true })).toBe('waits, all_done');
  });
});

describe('arrows', () => {
  const drawing = drawWaves([node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')]);

  it('lead along lines, and up and down a column', () => {
    expect(neighbour(drawing, 'a', 'ArrowRight')).toBe('b');
    expect(neighbour(drawing, 'd', 'ArrowLeft')).toBe('b');
    expect(neighbour(drawing, 'b', 'ArrowDown')).toBe('c');
    expect(neighbour(drawing, 'c', 'ArrowUp')).toBe('b');
    expect(neighbour(drawing, 'c', 'Home')).toBe('a');
    expect(neighbour(drawing, 'c', 'End')).toBe('d');
  });

  it('lead nowhere where there is nothing', () => {
    expect(neighbour(drawing, 'a', 'ArrowLeft')).toBeUndefined();
    expect(neighbour(drawing, 'b', 'ArrowUp')).toBeUndefined();
    expect(neighbour(drawing, 'gone', 'ArrowUp')).toBeUndefined();
    expect(neighbour(drawing, 'a', 'x')).toBeUndefined();
  });
});
