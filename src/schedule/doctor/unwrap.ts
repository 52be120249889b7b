/** Unwraps commands that run others: `nice`, `flock`, `sh -c` and the like, and script interpreters. */

import { basename } from 'node:path';

/** The expanded words of a command; undefined for those known only at run time. */
export type Texts = readonly (string | undefined)[];

/** What a command runs. */
export type Inner =
  | { readonly kind: 'command'; readonly texts: Texts }
  /** A script text for this shell; undefined for the current one. */
  | { readonly kind: 'script'; readonly text: string; readonly shell: string | undefined }
  /** A script file for an interpreter, which need not be executable. */
  | { readonly kind: 'file'; readonly path: string };

interface Wrapper {
  /** Options without a value, or with the value in the same word. */
  readonly flags: RegExp;
  /** Options whose value is the next word. */
  readonly valued?: RegExp;
  /** Operands before the command. */
  readonly operands?: number;
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['chronic', { flags: /^-[ve]+$/ }],
  ['command', { flags: /^-p$/ }],
  ['env', { flags: /^(?:[A-Za-z_]\w*=.*|-u.+|--unset=.+)$/, valued: /^(?:-u|--unset)$/ }],
  ['exec', { flags: /^-[cl]+$/, valued: /^-a$/ }],
  [
    'flock',
    {
      flags:
        /^(?:-[nxseuoF]*(?:[wE]\d.*|[nxseuoF])|--(?:nonblock|nb|exclusive|shared|close|no-fork|(?:wait|timeout|conflict-exit-code)=.*))$/,
      valued: /^(?:-[nxseuoF]*[wE]|--wait|--timeout|--conflict-exit-code)$/,
      operands: 1,
    },
  ],
  ['ionice', { flags: /^(?:-t|-[cn]\d)$/, valued: /^-t?[cn]$/ }],
  ['nice', { flags: /^(?:-n?-?\d+|--adjustment=.*)$/, valued: /^(?:-n|--adjustment)$/ }],
  ['nohup', { flags: /^$/ }],
  ['setsid', { flags: /^-[cfw]+$/ }],
  ['stdbuf', { flags: /^-[ioe].+$/, valued: /^-[ioe]$/ }],
  [
    'timeout',
    {
      flags: /^(?:-v|-[ks].+|--(?:foreground|preserve-status|verbose|(?:signal|kill-after)=.*))$/,
      valued: /^(?:-[ks]|--signal|--kill-after)$/,
      operands: 1,
    },
  ],
]);
/** Interpreters, and those of their options that may precede a script. */
const INTERPRETERS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:ba|da|k|z)?sh$/, /^-[euxvf]+$/],
  [/^python[\d.]*$/, /^-[uBOEsSI]+$/],
  [/^perl$/, /^-[wT]+$/],
  [/^(?:node|php|ruby|Rscript)$/, /^$/],
];

/** @returns undefined when a command runs no other, or the words do not tell which */
export function innerOf([name, ...rest]: Texts): Inner | undefined {
  const program = basename(name ?? '');
  const wrapper = WRAPPERS.get(program);
  if (wrapper !== undefined) return unwrap(wrapper, rest);
  // Without -l: a login shell changes PATH.
  if (/^(?:ba|da|k|z)?sh$/.test(program) && /^-[euxf]*c$/.test(rest[0] ?? '')) return scriptOf(rest[1], name);
  // A name without a slash is looked up in PATH.
  if (/^(?:\.|source)$/.test(program)) return rest[0]?.includes('/') ? fileOf(rest[0]) : undefined;
  const [, options] = INTERPRETERS.find(([names]) => names.test(program)) ?? [];
  if (options === undefined) return undefined;
  return fileOf(rest.find((text) => text === undefined || !options.test(text)));
}

function unwrap({ flags, valued, operands = 0 }: Wrapper, rest: Texts): Inner | undefined {
  let at = 0;
  for (; at < rest.length; at += 1) {
    const text = rest[at];
    // With another PATH, other programs would be found.
    if (text === undefined || text.startsWith('PATH=')) return undefined;
    if (text === '--') {
      at += 1;
      break;
    }
    if (valued?.test(text)) at += 1;
    else if (!flags.test(text)) break;
  }
  if (rest[at]?.startsWith('-')) return undefined;
  const [first, ...others] = rest.slice(at + operands);
  if (first === '-c' || first === '--command') return scriptOf(others[0], undefined);
  return first?.startsWith('-') ? undefined : { kind: 'command', texts: [first, ...others] };
}

function scriptOf(text: string | undefined, shell: string | undefined): Inner | undefined {
  return text === undefined ? undefined : { kind: 'script', text, shell };
}

/** A file, if the operand looks like a path: it may be something else. */
function fileOf(path: string | undefined): Inner | undefined {
  return path !== undefined && /^[^-].*[./]/.test(path) ? { kind: 'file', path } : undefined;
}
