/** The processes of this machine, as /proc shows them. Elsewhere than on Linux there are none to be seen. */

import { readdirSync, readFileSync } from 'node:fs';

/** A clock tick, in which Linux counts CPU time for programs on all processors. */
const TICKS_PER_SECOND = 100;
/** At a process without environment and arguments, which takes some tenths of a second. */
const MOST_LOOKS = 10_000;
/** A process may have become another program between two looks, but hardly so often: then it has no environment. */
const SETTLED = 3;

/** A process, at one moment. */
export interface ProcessStat {
  readonly pid: number;
  /** One letter; `Z` has ended, and its parent has not asked how. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Of itself and of those of its children that have ended. */
  readonly cpuSeconds: number;
  /** Resident memory, in pages. */
  readonly pages: number;
  /** Virtual memory; none of a thread of the kernel, and of what has ended. */
  readonly bytes: number;
}

/** The numbers of all processes. */
export function allPids(): number[] {
  return foldersOf('/proc').map(Number).filter(Number.isInteger);
}

/** Undefined when it is gone. */
export function statOf(pid: number): ProcessStat | undefined {
  const text = readProc(`${pid}/stat`) ?? '';
  // The name of the program stands in brackets, and may have brackets and blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group, session] = fields;
  if (state === '') return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    ...{ pid, state, parent: Number(parent), group: Number(group), session: Number(session) },
    ...{ cpuSeconds: ticks / TICKS_PER_SECOND, pages: Number(fields[21]) },
    bytes: Number(fields[20]),
  };
}

/** The children of a process, those that have ended included. */
export function childrenOf(pid: number): number[] {
  const text = readProc(`${pid}/task/${pid}/children`)?.trim() ?? '';
  return text === '' ? [] : text.split(' ').map(Number);
}

/**
 * The environment with which a process began, as `NAME=value` each; empty when it has ended, or may not be read.
 *
 * While a process becomes another program, Linux shows neither its environment nor its arguments: that is waited for.
 */
export function environmentOf(pid: number): string[] {
  for (let looks = 0, settled = 0; ; looks++) {
    const text = readProc(`${pid}/environ`);
    if (text === undefined) return [];
    if (text !== '' || looks === MOST_LOOKS || settled === SETTLED || !hasMemory(pid))
      return text.split('\0');
    if (readProc(`${pid}/cmdline`) !== '') settled++;
  }
}

/** Not so a thread of the kernel, and what has ended. */
function hasMemory(pid: number): boolean {
  return (statOf(pid)?.bytes ?? 0) > 0;
}

/** Tells one start of the machine from another; empty where the system does not say. */
export function bootId(): string {
  return readProc('sys/kernel/random/boot_id')?.trim() ?? '';
}

function foldersOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Undefined when it may not be read, or is gone. */
function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
