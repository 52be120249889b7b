/**
 * Reads the report of a try: a file to which each tool appends a line when it ends ($ETL_REPORT).
 *
 * Any program may write to the file, and a full disk tears lines, so invalid lines are skipped. Memory: the end of the
 * file.
 */

import { constants, fstatSync, openSync } from 'node:fs';
import { readAt } from '../files/read-at.ts';
import { tryToClose } from '../files/remove.ts';
import type { ToolReport } from './records.ts';

/** Only this much of the end of a file is read. */
const MAX_BYTES = 4 << 20;
/** A longer line is not a report: reports are written in one write. */
const LONGEST_LINE = 4096;
const LONGEST_NAME = 100;
/** When there are more, the earlier ones are summed up into one per tool. */
const MAX_REPORTS = 100;

/** The reports in a file, in the order in which the tools ended; empty if the file is missing or unreadable. */
export function readReports(path: string): ToolReport[] {
  const reports = readEnd(path)
    .split('\n')
    .flatMap((line) => toReport(line) ?? []);
  const kept = reports.slice(-MAX_REPORTS);
  return [...sumsByTool(reports.slice(0, -MAX_REPORTS)), ...kept];
}

/** The text at the end of a regular file. */
function readEnd(path: string): string {
  let descriptor: number | undefined;
  try {
    // A command may have put a pipe or a link there.
    const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return '';
    const bytes = Buffer.alloc(Math.min(stat.size, MAX_BYTES));
    const length = readAt(descriptor, bytes, stat.size - bytes.length);
    return bytes.toString('utf8', 0, length);
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) tryToClose(descriptor);
  }
}

/** After a torn line, the next report is on the same line: take the last one. */
function toReport(line: string): ToolReport | undefined {
  const begin = line.lastIndexOf('{"tool":');
  const text = begin < 0 ? line : line.slice(begin);
  if (text.length > LONGEST_LINE) return undefined;
  try {
    return checked(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function checked(value: unknown): ToolReport | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { tool, in: taken, out, rejected, ms, status } = value as Record<string, unknown>;
  if (typeof tool !== 'string' || tool === '' || tool.length > LONGEST_NAME) return undefined;
  const numbers = { ms: wholeNumber(ms), status: wholeNumber(status) };
  if (numbers.ms === undefined || numbers.status === undefined) return undefined;
  return {
    ...{ tool, in: wholeNumber(taken), out: wholeNumber(out), rejected: wholeNumber(rejected) },
    ...{ ms: numbers.ms, status: numbers.status },
  };
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

/** One report per tool, with the status of its last one. */
function sumsByTool(reports: readonly ToolReport[]): ToolReport[] {
  const sums = new Map<string, ToolReport>();
  for (const report of reports) {
    const before = sums.get(report.tool);
    sums.delete(report.tool);
    sums.set(report.tool, before === undefined ? report : added(before, report));
  }
  return [...sums.values()];
}

function added(before: ToolReport, { tool, status, ...report }: ToolReport): ToolReport {
  const sum = (name: 'in' | 'out' | 'rejected') => {
    const [a, b] = [before[name], report[name]];
    return a === undefined ? b : a + (b ?? 0);
  };
  const numbers = { in: sum('in'), out: sum('out'), rejected: sum('rejected') };
  return { tool, status, ms: before.ms + report.ms, ...numbers };
}
