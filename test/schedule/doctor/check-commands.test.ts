import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from './examination.ts';

let home = '';

/** Programs for cron, and others: paths below home, by what is in them. */
const FILES: Record<string, string> = {
  'bin/tool': '#!/bin/sh\n',
  'bin/bash-tool': '#!/usr/bin/env bash\n',
  'bin/no-runtime': '#!/usr/bin/env -S no-such-runtime --flag\n',
  'bin/no-interpreter': '#!/no/such/interpreter -x\n',
  'bin/crlf': '#!/bin/sh\r\n',
  'bin/sudo': '',
  'bin/ssh': '',
  'bin/awk': '',
  'bin/dash': '',
  'bin/bash': '',
  'bin/fish': '',
  'other/elsewhere': '#!/bin/sh\n',
  'work/run.sh': '#!/bin/sh\n',
  'work/in.csv': '1\n',
};

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'doctor-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), 0o755);
  }
  writeFileSync(join(home, 'bin/plain'), '');
  writeFileSync(join(home, 'work/plain.sh'), '');
  symlinkSync(join(home, 'bin/dash'), join(home, 'sh'));
});

afterAll(() => rmSync(home, { recursive: true }));

/** The warnings about a command, whose PATH is `bin` and HOME the folder above; what is in `other` is in our own PATH. */
function check(command: string, settings = ''): string[] {
  const text = `HOME=${home}\nPATH=${home}/bin:/usr/bin:/bin\nSHELL=${home}/sh\n${settings}* * * * * ${command}\n`;
  const warnings = examine(text, {
    cwd: join(home, 'work'),
    env: { PATH: join(home, 'other'), EDITOR: 'vi' },
  });
  return warnings.map((warning) => warning.replaceAll(home, '~').replace(/^\d+ /, ''));
}

const NOWHERE = 'is not found in PATH=~/bin:/usr/bin:/bin';

describe('commands that are not found', () => {
  it.each<[string, ...string[]]>([
    ['no-such', `no-such ${NOWHERE}`],
    [
      'tool | no-such -x && tool || no-other; tool & third',
      `no-such ${NOWHERE}`,
      `no-other ${NOWHERE}`,
      `third ${NOWHERE}`,
    ],
    ['tool "$(no-such)" `no-other`', `no-such ${NOWHERE}`, `no-other ${NOWHERE}`],
    ['if tool; then no-such; fi', `no-such ${NOWHERE}`],
    ['X=1 no-such; { (no-such); }', `no-such ${NOWHERE}`],
    ['root tool', `root ${NOWHERE}: only the crontab of the system has a column for the user`],
    ['elsewhere', `elsewhere ${NOWHERE}: write ~/other/elsewhere, or a PATH= with ~/other above`],
    ['nice -n 10 flock -n /tmp/lock timeout -k 5 50 no-such', `no-such ${NOWHERE}`],
    ["flock -n /tmp/lock -c 'no-such | tool'", `no-such ${NOWHERE}`],
    [`bash -c 'cd work && ./run.sh && no-such'`, `no-such ${NOWHERE}`],
    ['env X=1 no-such', `no-such ${NOWHERE}`],
    ['[ "$HOME" = prod ] && no-such', `no-such ${NOWHERE}`],
    ['PATH=/usr/bin:/bin tool', 'tool is not found in PATH=/usr/bin:/bin'],
    ['no-runtime', `no-such-runtime, which runs no-runtime, ${NOWHERE}`],
    ['no-interpreter', 'no-interpreter: its interpreter /no/such/interpreter does not exist'],
    ['crlf', 'crlf: its first line ends with CRLF: no interpreter has such a name'],
    ['plain', 'plain is not executable: chmod +x ~/bin/plain'],
    ['source x.sh', `source ${NOWHERE}: the shell is dash, so set SHELL=/bin/bash above`],
    ['[[ -n $HOME ]] && tool', `[[ ${NOWHERE}: the shell is dash, so set SHELL=/bin/bash above`],
  ])('%s', (command, ...messages) => {
    expect(check(command)).toEqual(messages.map((message) => `command: ${message}`));
  });

  it('in the PATH that cron has, which is not ours', () => {
    expect(examine('* * * * * no-such\n')).toEqual([
      "1 command: no-such is not found in cron's PATH, /usr/bin:/bin",
    ]);
  });
});

describe('files and folders that are not there', () => {
  it.each<[string, ...string[]]>([
    ['/no/such.sh', '/no/such.sh does not exist'],
    ['~/no.sh', '~/no.sh does not exist'],
    ['"$HOME/no.sh"', '~/no.sh does not exist'],
    ['./run.sh', './run.sh is not in ~, where cron starts jobs: write ~/work/run.sh'],
    ['no/such.sh', 'no/such.sh is not in ~, where cron starts jobs'],
    ['cd work && ./no.sh', './no.sh is not in ~/work'],
    ['cd no && tool', 'cd: ~/no does not exist'],
    ['(cd work && true) && ./run.sh', './run.sh is not in ~, where cron starts jobs: write ~/work/run.sh'],
    ['work/plain.sh', 'work/plain.sh is not executable: chmod +x ~/work/plain.sh'],
    ['work', `work ${NOWHERE}`],
    ['./work', './work is a folder'],
    ['sh no.sh', 'no.sh is not in ~, where cron starts jobs'],
    ['python3 -u /no/such.py x', '/no/such.py does not exist'],
    ['tool < in.csv', 'in.csv is not in ~, where cron starts jobs: write ~/work/in.csv'],
    ['tool >> logs/tool.log 2>&1', 'logs/tool.log cannot be written: there is no folder ~/logs'],
    ['tool | tool > logs/tool.log', 'logs/tool.log cannot be written: there is no folder ~/logs'],
  ])('%s', (command, ...messages) => {
    const found = check(command).filter((message) => !message.includes('python3 is not found'));
    expect(found).toEqual(messages.map((message) => `command: ${message}`));
  });

  it('a shell', () => {
    expect(check('no-such $NONE', 'SHELL=/no/shell\n')).toEqual(['shell: SHELL=/no/shell does not exist']);
    expect(check('tool', `SHELL=${home}/bin/plain\n`)).toEqual([
      'shell: SHELL=~/bin/plain is not executable',
    ]);
  });
});

describe('variables that are not set', () => {
  it.each<[string, ...string[]]>([
    [`tool $NONE "\${NOTHING\\%.x}"`, 'NONE', 'NOTHING'],
    ['tool > /tmp/$NONE.log', 'NONE'],
    ['X=$NONE tool', 'NONE'],
    ['tool $RANDOM', 'RANDOM'],
    ['sleep $(($RANDOM \\% 60))', 'RANDOM'],
  ])('%s', (command, ...names) => {
    expect(check(command)).toEqual(
      names.map((name) => `variable: $${name} is not set by cron: write ${name}=... above`),
    );
  });

  it('says what else it knows', () => {
    expect(check('tool $EDITOR')).toEqual([
      'variable: $EDITOR is not set by cron: write EDITOR=... above ' +
        '(here it is, and schedule without --clean-env passes it on)',
    ]);
    expect(check('tool $USER')).toEqual(['variable: $USER is not set by cron (LOGNAME is)']);
  });

  it('in an environment line', () => {
    expect(examine('PATH=$HOME/bin:$PATH\n* * * * * no-such\n')).toEqual([
      '1 variable: cron expands nothing in PATH=$HOME/bin:$PATH: write the resulting value',
    ]);
    expect(examine('PATH=~/bin:/bin\nDATA="$HOME/data"\nPRICE=5$\n#PATH=$PATH\n')).toHaveLength(2);
  });

  it('unless --env-file sets it', () => {
    expect(examine('* * * * * echo $NONE\n', { fileEnv: { NONE: '1' } })).toEqual([]);
  });
});

describe('is silent about', () => {
  it.each([
    'tool; bash-tool; /usr/bin/env true',
    'cd work && ./run.sh < in.csv && work/none.sh',
    '[ -x /no/such ] && /no/such',
    'command -v no-such >/dev/null && no-such',
    'if test -x ./none.sh; then ./none.sh; fi',
    '[ -d /no/such ] && no-such',
    'which no-such && no-other',
    "bash -c 'source work/in.csv && [[ -n $NONE ]] && no-such'",
    "/usr/bin/env bash -c 'cd work && [[ -f x ]] && declare -A y'",
    'f() { tool; }; f',
    'tool $1 $? $$ "$@" $# $PWD $PPID',
    `tool \${NONE:-x} \${NONE+x} "\${OTHER:=1}" $OTHER`,
    'X=1; tool $X; for y in a b; do tool $y; done; read z; tool $z',
    '[ -z "$NONE" ] || tool "$NONE"',
    'case $NONE in a) tool;; *) tool $NONE;; esac',
    '. /etc/profile; no-such $NONE',
    'export $(cat work/in.csv); tool $NONE',
    "awk '{ print $NF, $none }' work/in.csv",
    String.raw`ssh host "echo \$NONE"`,
    `tool $ETL_SINCE $ETL_RUN \${ETL_AT:+--at "$ETL_AT"} $LANG`,
    '$TOOL',
    'D=work; $D/none.sh; "$(dirname x)/none"',
    'git-clone() { tool; }; git-clone && ./made.sh',
    'tool && ./made-by-tool.sh && cd made && tool > logs/x',
    'mkdir -p logs && tool > logs/x.log',
    'cd "$(mktemp -d)" && ./none.sh',
    'sudo no-such',
    'xargs no-such',
    'PATH=$HOME/other:$PATH; elsewhere',
    'export PATH="$HOME/other:$PATH"; elsewhere',
    'tool > work/out-$(date +\\%F).log 2>&1',
    'tool >/dev/null 2>&1 </dev/null',
    'tool # no-such $NONE',
    'echo x > /dev/tcp/localhost/80',
    'exec tool',
    'nohup tool &',
    'time -p tool',
    '! tool',
  ])('%s', (command) => {
    const settings = command === '$TOOL' ? `TOOL=tool\n` : '';
    expect(check(command, settings)).toEqual([]);
  });

  it('what other shells do by themselves', () => {
    const bash = `SHELL=${home}/bin/bash\n`;
    expect(check('source x.sh; [[ -n $HOME ]]', bash)).toEqual([]);
    expect(check('sleep $((RANDOM \\% 60)) $RANDOM $UID $BASH_VERSION; [[ a ]]', bash)).toEqual([]);
    expect(check('for ((i=0; i<3; i++)); do tool $i; done', bash)).toEqual([]);
    expect(check('no-such $NONE (x', `SHELL=${home}/bin/fish\n`)).toEqual([]);
  });
});
