/**
 * Writes the files that are generated from the tools' own options: man pages, completion for shells, and the table in the README.
 *
 * @import { Option, Options } from '../src/cli/option.ts'
 * @import { Tool } from '../src/cli/tool.ts'
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bashCompletion } from './completion/bash.js';
import { fishCompletion } from './completion/fish.js';
import { zshCompletion } from './completion/zsh.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = readdirSync(`${root}/src/tools`).map((file) => file.replace(/\.ts$/, ''));
/** @type {{ tool: Tool, commonOptions: Options, usageOperands: (tool: Tool) => string }[]} */
const bundles = await Promise.all(names.map((name) => import(`../dist/tools/${name}.cjs`)));
const tools = bundles.map(({ tool }) => tool);
/** @type {{ valueNameOf: (option: Option) => string }} */
const { valueNameOf } = await import(`${root}/dist/cli/help.cjs`);
const [{ usageOperands }] = bundles;
const common = bundles[0].commonOptions;
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

/** Text as troff reads it. @param {string} text */
const roff = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');

/** @param {Tool} tool */
function manPage(tool) {
  const { name, summary, options, examples, notes = '' } = tool;
  const flags = Object.entries(/** @type {Options} */ ({ ...options, ...common })).map(([long, option]) => {
    const value = option.type === 'flag' ? '' : ` \\fI${roff(option.choices?.join('|') ?? 'VALUE')}\\fR`;
    const short = option.alias === undefined ? '' : `\\fB\\-${option.alias}\\fR, `;
    const fallback = option.default === undefined ? '' : ` (default: ${roff(option.default)})`;
    const variable = option.env === undefined ? '' : ` (default from $${option.env})`;
    return `.TP\n${short}\\fB\\-\\-${roff(long)}\\fR${value}\n${roff(option.describe)}${variable}${fallback}`;
  });
  const shown = examples.map(
    ([command, does]) => `.TP\n\\fB${roff(command.replaceAll('$0', name))}\\fR\n${roff(does)}`,
  );
  return [
    `.TH ${name.toUpperCase()} 1 "" "etlutils ${version}"`,
    `.SH NAME\n${roff(name)} \\- ${roff(summary)}`,
    `.SH SYNOPSIS\n\\fB${roff(name)}\\fR [\\fIOPTION\\fR]... ${roff(usageOperands(tool))}`,
    `.SH OPTIONS\n${flags.join('\n')}`,
    `.SH EXAMPLES\n${shown.join('\n')}`,
    `.SH NOTES\n${roff(notes)}`,
    '',
  ].join('\n');
}

function toolTable() {
  const rows = tools.map(
    (tool) =>
      `| \`${`${tool.name} ${usageOperands(tool)}`.trim().replaceAll('|', '\\|')}\` | ${tool.summary} |`,
  );
  return `| tool | what it does |\n|---|---|\n${rows.join('\n')}\n`;
}

const readme = readFileSync(`${root}/README.md`, 'utf8');
const wanted = readme.replace(
  /(<!-- tools -->\n)[\s\S]*?(<!-- \/tools -->)/,
  (_, start, end) => start + toolTable() + end,
);
rmSync(`${root}/man`, { recursive: true, force: true });
mkdirSync(`${root}/man`);
for (const tool of tools) writeFileSync(`${root}/man/${tool.name}.1`, manPage(tool));
const complete = tools.map((tool) => ({ ...tool, options: { ...tool.options, ...common } }));
writeFileSync(`${root}/dist/completion.bash`, bashCompletion(complete));
writeFileSync(`${root}/dist/completion.zsh`, zshCompletion(complete, valueNameOf));
writeFileSync(`${root}/dist/completion.fish`, fishCompletion(complete));
if (wanted !== readme) writeFileSync(`${root}/README.md`, wanted);
