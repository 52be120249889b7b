/** The processes of a test, found by an inherited environment variable, because commands of tools run in their own sessions. */

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOf, statOf } from '../src/schedule/tries/processes.ts';

/** A process that was alive when it was found. */
export interface Found {
  readonly pid: number;
  /** Its command line, joined with spaces. */
  readonly command: string;
}

/** The living processes whose environment contains `mark`, such as `MARK=17`. */
export function processesWith(mark: string): Found[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && has(pid, mark))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

/** Kills them with SIGKILL, and waits until they are gone. */
export async function killAll(mark: string): Promise<void> {
  for (let left = processesWith(mark); left.length > 0; left = processesWith(mark)) {
    for (const { pid } of left) killNow(pid);
    await sleep(5);
  }
}

interface Killing {
  readonly kills: number;
  /** Maximum time between two kills, in ms. */
  readonly pauseMs: number;
  /** From 0 to 1. */
  random(): number;
  /** Checks what must hold after each kill. */
  check?(): void;
  /** Whether nothing is left to kill. */
  isOver?(): boolean;
}

/** Repeatedly kills random ones with SIGKILL, and every tenth time all of them. */
export async function killAgainAndAgain(
  mark: string,
  { kills, pauseMs, random, check, isOver = () => false }: Killing,
): Promise<void> {
  for (let killed = 0; killed < kills && !isOver(); ) {
    await sleep(random() * pauseMs);
    const found = processesWith(mark);
    const victim = found[Math.floor(random() * found.length)];
    if (victim === undefined) continue;
    if (killed % 10 === 9) await killAll(mark);
    else killNow(victim.pid);
    check?.();
    killed++;
  }
}

/** Kills a process with SIGKILL, unless it is gone. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}

function has(pid: number, mark: string): boolean {
  return environmentOf(pid).includes(mark) && statOf(pid)?.state !== 'Z';
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
