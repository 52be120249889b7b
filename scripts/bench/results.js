/**
 * The recorded results, kept beside the report, so that one work can be measured again without the others.
 *
 * @import { Results, Section } from './types.d.ts'
 */

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('results.json', import.meta.url);

/** @returns {Results} */
export function readResults() {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/** Writes a line per work; a target that was not measured becomes null. @param {Results} results */
export function writeResults({ machines, sections }) {
  const lines = sections.map((section) => JSON.stringify(section));
  writeFileSync(FILE, `{"machines": ${JSON.stringify(machines)},\n"sections": [\n${lines.join(',\n')}\n]}\n`);
}

/**
 * Adds a section to the results, or replaces the one of its name, in the order of `names`.
 *
 * @param {Results} results
 * @param {{ readonly section: Section, readonly day: string, readonly machine: string }} measured
 * @param {readonly string[]} names
 * @returns {Results}
 */
export function withSection(results, { section, day, machine }, names) {
  const known = new Map(results.sections.map((each) => [each.name, each]));
  known.set(section.name, { ...section, day });
  const sections = names.flatMap((name) => known.get(name) ?? []);
  const days = new Set(sections.map((each) => each.day));
  const machines = Object.entries({ ...results.machines, [day]: machine }).filter(([each]) => days.has(each));
  return { machines: Object.fromEntries(machines), sections };
}
