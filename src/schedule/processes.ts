/** The processes of this machine, as /proc shows them. Elsewhere than on Linux there are none to be seen. */

import { readdirSync, readFileSync } from 'node:fs';

/** A clock tick, in which Linux counts CPU time for programs on all processors. */
const TICKS_PER_SECOND = 100;

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
}

/** The numbers of all processes. */
export function allPids(): number[] {
  return foldersOf('/proc').map(Number).filter(Number.isInteger);
}

/** Undefined when it is gone. */
export function statOf(pid: number): ProcessStat | undefined {
  const text = readProc(`${pid}/stat`);
  // The name of the program stands in brackets, and may have brackets and blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group, session] = fields;
  if (state === '') return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    ...{ pid, state, parent: Number(parent), group: Number(group), session: Number(session) },
    ...{ cpuSeconds: ticks / TICKS_PER_SECOND, pages: Number(fields[21]) },
  };
}

/** The children of a process, those that have ended included. */
export function childrenOf(pid: number): number[] {
  const text = readProc(`${pid}/task/${pid}/children`).trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** The environment with which a process began, as `NAME=value` each; empty when it has ended, or may not be read. */
export function environmentOf(pid: number): string[] {
  return readProc(`${pid}/environ`).split('\0');
}

/** Tells one start of the machine from another; empty where the system does not say. */
export function bootId(): string {
  return readProc('sys/kernel/random/boot_id').trim();
}

function foldersOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, 'latin1');
  } catch {
    return '';
  }
}
