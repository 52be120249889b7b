/** The processes of this machine, as seen in /proc; none on systems other than Linux. */

import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, in which Linux reports CPU time: 100 on every architecture that Node supports. */
const TICKS_PER_SECOND = 100;
/** Maximum reads of an empty environment, which take some tenths of a second. */
const MAX_LOOKS = 10_000;
/** An empty environment beside arguments may be a race with execve, but hardly this often: then it really is empty. */
const SETTLED = 3;

/** A process, at one moment. */
export interface ProcessStat {
  readonly pid: number;
  /** One letter; `Z` for a zombie, which has ended but was not reaped. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Of itself and its reaped children, user and system time. */
  readonly cpuSeconds: number;
  /** Resident memory, in pages. */
  readonly pages: number;
  /** Virtual memory; 0 for kernel threads and zombies. */
  readonly bytes: number;
}

/** The PIDs of all processes. */
export function allPids(): number[] {
  return foldersOf('/proc').map(Number).filter(Number.isInteger);
}

/** Undefined if it is gone. */
export function statOf(pid: number): ProcessStat | undefined {
  const text = readProc(`${pid}/stat`) ?? '';
  // The program's name is in parentheses, and may itself contain parentheses and spaces.
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

/** The children of a process, including zombies. */
export function childrenOf(pid: number): number[] {
  const text = readProc(`${pid}/task/${pid}/children`)?.trim() ?? '';
  return text === '' ? [] : text.split(' ').map(Number);
}

/**
 * The initial environment of a process, as `NAME=value` strings; empty if it has ended, or may not be read.
 *
 * During execve, Linux shows neither environment nor arguments: then it is read again.
 */
export function environmentOf(pid: number): string[] {
  for (let looks = 0, settled = 0; ; looks++) {
    const text = readProc(`${pid}/environ`);
    if (text === undefined) return [];
    if (text !== '' || looks === MAX_LOOKS || settled === SETTLED || !hasMemory(pid)) return text.split('\0');
    if (readProc(`${pid}/cmdline`) !== '') settled++;
  }
}

/** False for kernel threads and zombies. */
function hasMemory(pid: number): boolean {
  return (statOf(pid)?.bytes ?? 0) > 0;
}

/** Identifies a boot of the machine; empty where the system does not say. */
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

/** Undefined if it may not be read, or is gone. */
function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
