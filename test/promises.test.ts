/**
 * Each sentence of "What you can rely on" in the README names the test that holds it, in the test: a comment
 * `README: "the sentence"` before it. A sentence without a test fails here, and so does a test of a sentence that is gone.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './harness.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The sentences of the section: a heading in bold letters is one, too. Without the marks of bold letters. */
function promises(): string[] {
  const [, section = ''] = /^## What you can rely on\n([\s\S]*?)^(?!- | {2}|\n)/m.exec(readme) ?? [];
  return section
    .split(/^- /m)
    .map((item) => item.replaceAll('**', '').replaceAll(/\s+/g, ' ').trim())
    .filter((item) => item !== '')
    .flatMap((item) => item.split(/(?<=\.) (?=[A-Z0-9`[])/));
}

interface Named {
  readonly sentence: string;
  readonly file: string;
  /** The code behind the comment. */
  readonly next: string;
}

/** What tests say that they hold. */
function named(): Named[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && file !== 'promises.test.ts')
    .flatMap((file) => {
      const text = readFileSync(join(root, 'test', file), 'utf8').replaceAll(/\n\s*\/\/ (?!README: )/g, ' ');
      return [...text.matchAll(/^ *\/\/ README: "(.*)"$(?=\n(?: *\/\/ .*\n)* *(.*))/gm)].map(
        ([, sentence = '', next = '']) => ({ sentence, file, next }),
      );
    });
}

describe('what the README promises', () => {
  it('is more than a few sentences', () => {
    expect(promises().length).toBeGreaterThan(25);
    expect(promises()).toContain('Files are always whole.');
    expect(promises().filter((sentence) => !sentence.endsWith('.'))).toEqual([]);
  });

  it('is held by a test, sentence by sentence', () => {
    const held = new Set(named().map(({ sentence }) => sentence));
    expect(promises().filter((sentence) => !held.has(sentence))).toEqual([]);
  });

  it('is all that tests say it promises', () => {
    const known = new Set(promises());
    expect(named().filter(({ sentence }) => !known.has(sentence))).toEqual([]);
  });

  it('is named before a test', () => {
    expect(named().filter(({ next }) => !/^(?:if \(\S+\) )?(?:it|describe)\b/.test(next))).toEqual([]);
  });
});
