/** Formats RELIABILITY.md: attacks and findings, by family and by attack. */

import { availableParallelism, release } from 'node:os';
import { KINDS } from './findings.js';
import { ATTACKS_TEXT, LIMITS_TEXT, OTHER_TRIALS_TEXT } from './prose.js';

/** @typedef {import('./lab.js').Result} Result */

/** Number of rounds with findings of a kind. @param {Result} result @param {string} kind */
function roundsWith({ findings }, kind) {
  return new Set(findings.filter((finding) => finding.kind === kind).map(({ round }) => round)).size;
}

/** @param {Result} result @returns {string} a row of the table */
export function rowText(result) {
  const { name, rounds, leftOut } = result;
  if (leftOut !== undefined) return `| ${name} | left out: ${leftOut} |${KINDS.map(() => ' |').join('')}`;
  return `| ${name.replaceAll('|', '\\|')} | ${rounds} | ${KINDS.map((kind) => roundsWith(result, kind)).join(' | ')} |`;
}

/** @param {Result} result @param {{ readonly round: number }} finding @returns {string} a command that repeats the round */
export function repeatText({ name }, { round }) {
  return `npm run chaos -- '${name}' --round ${round} --keep`;
}

/**
 * @param {readonly Result[]} results
 * @param {{ readonly seed: number, readonly minutes?: number, readonly most: number | undefined }} run minutes: undefined for several runs
 * @returns {string}
 */
export function pageText(results, { seed, minutes, most }) {
  const duration =
    minutes === undefined
      ? 'in several runs with fixes in between (a fixed attack was run again)'
      : `in ${Math.round(minutes)} minutes`;
  const limit = most === undefined ? '' : `, at most ${most} rounds per attack`;
  return `# Reliability

What \`npm run chaos\` found on ${new Date().toISOString().slice(0, 10)}, ${duration}.
Node ${process.version}, Linux ${release()}, ${availableParallelism()} cores, seed ${seed}${limit}. A short form runs with the integration tests
(\`test/integration/chaos.test.ts\`).

Each round attacks a command once, lets the next run repair what there is to repair, and compares the contents of files and
stores with what was acknowledged, by status 0 or by an answer of 2xx. The table counts the rounds in which something was

- **lost**: a line or row that was acknowledged, or was there before, is not where it belongs
- **doubled**: a line or row is there twice
- **torn**: half a line, half a file, a damaged database, a mixture of old and new
- **hung**: a command did not end, or a server did not answer, within 20 seconds
- a **stack trace**: a bug instead of a message
- **other**: a file left behind, a next run that fails, a failure without cause, too much memory

| attack | commands | rounds | ${KINDS.join(' | ')} |
|---|---:|---:|${KINDS.map(() => '---:|').join('')}
${familyRows(results).join('\n')}
${openText(results)}
${ATTACKS_TEXT}
${LIMITS_TEXT}
${OTHER_TRIALS_TEXT}
## Every attack

| attack | rounds | ${KINDS.join(' | ')} |
|---|---:|${KINDS.map(() => '---:|').join('')}
${results.map(rowText).join('\n')}
`;
}

/** The sums by family, and the total. @param {readonly Result[]} results */
function familyRows(results) {
  const families = new Set(results.map(familyOf));
  const rows = [...families].map((family) =>
    sumText(
      family,
      results.filter((result) => familyOf(result) === family),
    ),
  );
  return [...rows, sumText('**all**', results)];
}

/** @param {Result} result */
function familyOf({ name }) {
  return name.slice(0, name.indexOf(': '));
}

/** @param {string} title @param {readonly Result[]} results */
function sumText(title, results) {
  const rounds = results.reduce((sum, each) => sum + each.rounds, 0);
  const sums = KINDS.map((kind) => results.reduce((sum, each) => sum + roundsWith(each, kind), 0));
  return `| ${title} | ${results.length} | ${rounds} | ${sums.join(' | ')} |`;
}

/** @param {readonly Result[]} results */
function openText(results) {
  const open = results.filter(({ findings }) => findings.length > 0);
  if (open.length === 0) return '';
  const lines = open.flatMap((result) => {
    const [first] = result.findings;
    return first === undefined
      ? []
      : [
          `- ${result.name}: ${first.where}: ${first.kind}: ${first.text}\n  \`${repeatText(result, first)}\``,
        ];
  });
  return `\n## What does not hold\n\nThe first finding of each attack, with the command that repeats it.\n\n${lines.join('\n')}\n`;
}
