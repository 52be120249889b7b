/** Completion as a user has it: real shells in a terminal, where somebody types and presses Tab. */

import { execFileSync, spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { completionFolder } from '../completions.ts';
import { bin, root, until } from '../harness.ts';

/** How each shell is started without anybody's settings, and what is typed first. */
const SHELLS = {
  bash: ['bash --norc --noprofile -i', "bind 'set show-all-if-ambiguous on'; PS1='> '"],
  zsh: ['zsh -f -i', "PS1='> '; autoload -Uz compinit && compinit -u -D"],
  fish: ['fish --no-config -i', "function fish_prompt; echo '> '; end"],
} as const;

/** What is typed, and how its line goes on after Tab. */
const LINES = [
  ['get-stats re', 'get-stats read.csv'],
  ['get-stats my', 'get-stats my\\ log'],
  ['get-stats --li', 'get-stats --live'],
  ['buffer-tail --on-busy sk', 'buffer-tail --on-busy skip'],
  ['buffer-tail --on-busy=sk', 'buffer-tail --on-busy=skip'],
  ['get-stats read.csv --value te', 'get-stats read.csv --value temp'],
  ['get-stats read.csv --sensor=de', 'get-stats read.csv --sensor=device'],
  ['get-stats table\\ 1 --time da', 'get-stats table\\ 1 --time date'],
  ['load-rows rows --key=time,hu', 'load-rows rows --key=time,humidity'],
  ['get-stats --stats sum,std', 'get-stats --stats sum,stddev'],
  ['load-stats --spool sp', 'load-stats --spool spool/'],
  ['queue-put q -- lake-put l --by da', 'queue-put q -- lake-put l --by date'],
] as const;

/** What must not be read for its columns: it has no end, or nobody writes to it. */
const ENDLESS = ['fifo', 'huge', '/dev/zero', '/dev/tty', '/proc/kmsg'];

/** Whether it is installed; in CI it must be. */
function hasProgram(name: string, word = '--version'): boolean {
  if (spawnSync(name, [word]).status === 0) return true;
  if (process.env.CI) throw new Error(`${name} is not installed`);
  process.stderr.write(`not tested at Tab: ${name} is not installed\n`);
  return false;
}

const hasTmux = hasProgram('tmux', '-V');

async function terminal(shell: keyof typeof SHELLS) {
  const cwd = await completionFolder();
  writeFileSync(join(cwd, 'table 1'), 'date;time;temp\n');
  writeFileSync(join(cwd, 'huge'), '');
  truncateSync(join(cwd, 'huge'), 2 ** 40);
  execFileSync('mkfifo', [join(cwd, 'fifo')]);
  const path = `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`;
  const noHistory = { HISTFILE: '/dev/null', fish_history: '' };
  const env = { PATH: path, HOME: cwd, LC_ALL: 'C.UTF-8', ...noHistory };
  const socket = join(cwd, 'tmux');
  const tmux = (...words: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { cwd, env, encoding: 'utf8' });
  const [command, first] = SHELLS[shell];
  tmux('new-session', '-d', '-x', '120', '-y', '30', command);
  onTestFinished(async () => {
    tmux('kill-server');
    await until(() => spawnSync('tmux', ['-S', socket, 'list-sessions']).status !== 0, 'tmux has ended');
  });
  const type = (text: string, ...keys: string[]) => {
    tmux('send-keys', '-l', text);
    if (keys.length > 0) tmux('send-keys', ...keys);
  };
  const screen = () => tmux('capture-pane', '-p');
  const shows = (pattern: RegExp) => expect.poll(screen).toMatch(pattern);
  /** An empty screen, with a shell that listens. */
  const anew = async (word: string) => {
    tmux('send-keys', 'C-u');
    type(`clear; echo ${word}''`, 'Enter');
    await shows(new RegExp(`^${word}$`, 'm'));
  };
  await shows(/\S/);
  type(`${first}; source ${join(root, 'dist', `completion.${shell}`)}`, 'Enter');
  await anew('ready');
  return { type, shows, screen, anew };
}

const shells = Object.keys(SHELLS) as (keyof typeof SHELLS)[];

describe.each(shells.filter((shell) => hasTmux && hasProgram(shell)))('Tab in %s', (shell) => {
  it('completes what is typed', async () => {
    const { type, shows, anew } = await terminal(shell);
    for (const [at, [typed, completed]] of LINES.entries()) {
      type(typed, 'Tab');
      const text = completed.replaceAll(/[\\.]/g, '\\$&');
      // Zsh puts a comma behind one of several, which it takes back before a blank.
      await shows(new RegExp(`${text},?(?![^\\s])`));
      await anew(`next${at}`);
    }
  });

  it('offers schemes of sensors, and no options, where an operand stands', async () => {
    const { type, shows, screen, anew } = await terminal(shell);
    type('get-temp ', 'Tab');
    await shows(/thermal:/);
    expect(screen()).not.toMatch(/--every/);
    await anew('options');
    type('get-temp --', 'Tab');
    await shows(/--every/);
  });

  it.each(ENDLESS)('does not wait for %s', async (name) => {
    const { type, shows, anew } = await terminal(shell);
    type(`get-stats ${name} --value `, 'Tab');
    type('x', 'Tab');
    await shows(/--value x/);
    await anew('alive');
  });
});
