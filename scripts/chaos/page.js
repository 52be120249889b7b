/** RELIABILITY.md: the table of what was attacked and what was found. */

import { availableParallelism, release } from 'node:os';
import { KINDS } from './findings.js';

/** @typedef {import('./lab.js').Result} Result */

/** Rounds in which a kind was found. @param {Result} result @param {string} kind */
function roundsWith({ findings }, kind) {
  return new Set(findings.filter((finding) => finding.kind === kind).map(({ round }) => round)).size;
}

/** @param {Result} result @returns {string} a row of the table */
export function rowText(result) {
  const { name, rounds, leftOut } = result;
  if (leftOut !== undefined) return `| ${name} | left out: ${leftOut} |${KINDS.map(() => ' |').join('')}`;
  return `| ${name.replaceAll('|', '\\|')} | ${rounds} | ${KINDS.map((kind) => roundsWith(result, kind)).join(' | ')} |`;
}

/** @param {Result} result @param {{ readonly round: number }} finding @returns {string} a command that plays the round again */
export function repeatText({ name }, { round }) {
  return `npm run chaos -- '${name}' --round ${round} --keep`;
}

/**
 * @param {readonly Result[]} results
 * @param {{ readonly seed: number, readonly minutes?: number, readonly most: number | undefined }} run minutes: undefined when they were several runs
 * @returns {string}
 */
export function pageText(results, { seed, minutes, most }) {
  const total = results.reduce((sum, { rounds }) => sum + rounds, 0);
  const sums = KINDS.map((kind) => results.reduce((sum, result) => sum + roundsWith(result, kind), 0));
  return `# Reliability

What \`npm run chaos\` found on ${new Date().toISOString().slice(0, 10)}${minutes === undefined ? ', in several runs between mendings' : `, in ${Math.round(minutes)} minutes`} on ${availableParallelism()} cores: Node ${process.version}, Linux
${release()}, seed ${seed}${most === undefined ? '' : `, at most ${most} rounds of each attack`}. A short form of it runs with the integration tests (\`test/integration/chaos.test.ts\`).

Each round attacks a command once, lets the next run repair what there is to repair, and compares what is in the files and
stores with what was acknowledged: by status 0, or by an answer of 2xx. The figures are rounds in which

- **lost**: a line or row that was acknowledged, or stood there before, is not where it belongs
- **doubled**: a line or row is there twice
- **torn**: half a line, half a file, a damaged database, a mixture of old and new
- **hung**: it did not end, or a server did not answer, within 20 seconds
- **stack traces**: a bug instead of a message
- **other**: a file left behind, a next run that fails, a failure where none is due, too much memory

| attack | rounds | ${KINDS.join(' | ')} |
|---|---:|${KINDS.map(() => '---:|').join('')}
${results.map(rowText).join('\n')}
| **all** | **${total}** | ${sums.map((sum) => `**${sum}**`).join(' | ')} |

${FAMILIES}
${LIMITS}${openText(results)}`;
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
  return `\n## What does not hold\n\nThe first of each attack, with the command that plays it again.\n\n${lines.join('\n')}\n`;
}

const FAMILIES = `## The attacks

Those from inside are made by a library of the project's own ([scripts/chaos/shim.c](scripts/chaos/shim.c)) that is loaded before the C library. It counts
the calls to the system that a command makes in its folder, and to its stdout; then there is a round for each of them.

- **kill**: \`kill -9\` before each call that changes something, and in the middle of each write; of pipelines each process alone, and all at once
- **power cut**: killed before each call, after which all is gone that was not synced: contents and names; or contents alone,
  while a rename that was not synced stays
- **input/output error**: EIO at each call, EMFILE at each open
- **interrupted call**: EINTR at each call that a signal may interrupt; the command must do its work nevertheless
- **short write**: half of each write; the command must do its work nevertheless
- **disk full**: half of a write, then ENOSPC for all that follows
- **two users**: root is killed before each call, and the owner of the files, who is not root, goes on
- **full tmpfs**, **file size limit**: a real file system with a few pages left, or none, and \`ulimit -f\`
- **others append**: stopped at each call, while another program appends a line by \`>>\` to the same file
- **others append after a kill**: killed before each call, and a line appended by \`>>\` before the next run
- **many at once**: twelve processes, each with lines or rows of its own
- **file removed**, **moved away**, **replaced**: between two batches of a tool that goes on; what is acknowledged later is where the path leads
- **readings of a wrong clock**: one of 1970, of tomorrow, of 2038 or 9999 between good ones: the good ones stay, the wrong one is somewhere
- **clock jumps**: the machine's clock runs years or hours ahead or behind, and comes back
- **hostile server**: silent, slow, endless, cut off, packed, a captive portal, redirects, refusals; then one that takes the rows
- **hostile client**: connections, headers, bodies, columns and names that cost a server more than the client, while a good
  client posts rows and asks for \`/healthz\`, which has five seconds
`;

const LIMITS = `
## What cannot be had

Known limits, none of which is counted above:

- **A kill in the middle of a write** to a file that only grows (\`buffer-tail -n all\`, \`--overflow\`, \`--rejects\`) can leave half a
  line, which the next run takes off or ends. A program that appends by \`>>\` before that run writes behind the half line.
- **An overflow file that is moved away** between a kill and the next run keeps lines that the window still holds: they come
  into the new one, too.
- **A SQLite database that is replaced while it is open** (\`mv new.db stats.db\`): our own tools wait (\`--wait\`, then 75) until the process that has the
  old one open has taken its WAL away, within milliseconds, or half a second where the system does not tell of changes. Another
  program that opens the new one before, or after a \`kill -9\` of the last process before any tool of ours, lays the old WAL
  over it, for SQLite finds that by its name. \`.restore\`, as in the README, has no such moment.
- **A store or a spool that root has made** belongs to root, so *two users* plays only what both may write.
- **Rows without a key** that were committed just before a kill are there, though nothing acknowledged them; loaded again they are
  there twice. With \`--key\` they are not.
- Not tried: network file systems, and systems other than Linux.
`;
