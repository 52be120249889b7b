import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../harness.ts';

const folder = join(root, 'man');
const pages = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

/** The text of a section, as troff reads it. */
function section(page: string, heading: string): string {
  return page.split(`\n.SH ${heading}\n`)[1]?.split('\n.SH ', 1)[0] ?? '';
}

/** All pages as a terminal shows them, and what the formatter has to say about them. */
function formatted(program: string, ...words: string[]) {
  const paths = pages.map(([name]) => join(folder, name));
  return spawnSync(program, [...words, ...paths], { encoding: 'utf8', maxBuffer: 1 << 26 });
}

describe.each(pages)('%s', (name, page) => {
  it('has the usual sections in the usual order', () => {
    const headings = [...page.matchAll(/^\.SH (.+)$/gm)].map(([, heading]) => heading);
    const usual = [
      ...[
        'NAME',
        'SYNOPSIS',
        'DESCRIPTION',
        'TOOLS',
        'READINGS',
        'STATS ROWS',
        'ROWS AND MESSAGES',
        'OPTIONS',
      ],
      ...[
        'ADDRESSES',
        'EXIT STATUS',
        'COMMANDS AFTER \\-\\-',
        'ENVIRONMENT',
        'FILES',
        'EXAMPLES',
        'SEE ALSO',
      ],
    ];
    expect(headings).toEqual(usual.filter((heading) => headings.includes(heading)));
    const needed = ['NAME', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'ENVIRONMENT', 'EXAMPLES', 'SEE ALSO'];
    expect(headings).toEqual(expect.arrayContaining(needed));
  });

  it('explains every variable that it mentions', () => {
    const mentioned = [...page.matchAll(/\$([A-Z][A-Z_]{2,})/g)].map(([, variable]) => variable ?? '');
    const explained = section(page, 'ENVIRONMENT');
    // Policies may name variables that commands are given by others.
    expect(mentioned.filter((variable) => !explained.includes(variable))).toEqual([]);
  });

  it('has no line of another time or place', () => {
    expect(page).toMatch(
      new RegExp(`^\\.TH ${name.replace(/\.\d$/, '').toUpperCase()} [17] "\\d{4}-\\d\\d-\\d\\d"`, 'm'),
    );
    expect(page).not.toMatch(/undefined|\[object|@[A-Z]+@/);
  });
});

it.skipIf(spawnSync('groff', ['--version']).status !== 0)(
  'pages are clean to groff, which warns of everything',
  () => {
    const { stderr, stdout, status } = formatted('groff', '-man', '-Kutf8', '-Tutf8', '-ww', '-rLL=60n');
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain('get‐temp | buffer‐tail temperature.log'.replaceAll('‐', '-'));
  },
);

it.skipIf(spawnSync('mandoc', ['-T', 'lint', '/dev/null']).error !== undefined)(
  'pages are clean to mandoc',
  () => {
    const { stderr, stdout } = formatted('mandoc', '-T', 'lint', '-W', 'warning');
    expect(stdout + stderr).toBe('');
  },
);
