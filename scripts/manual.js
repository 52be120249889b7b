/**
 * Generates files from the tools' declarations: man pages, shell completion, and the table in the README.
 *
 * @import { Options } from '../src/cli/option.ts'
 * @import { Tool } from '../src/cli/tool.ts'
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bashCompletion } from './completion/bash.js';
import { fishCompletion } from './completion/fish.js';
import { zshCompletion } from './completion/zsh.js';
import { manPage, overview } from './manual/man-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = readdirSync(`${root}/src/tools`).map((file) => file.replace(/\.ts$/, ''));
/** @type {{ tool: Tool, commonOptions: Options, usageOperands: (tool: Tool) => string }[]} */
const bundles = await Promise.all(names.map((name) => import(`../dist/tools/${name}.cjs`)));
const tools = bundles.map(({ tool }) => tool);
const help = await import(`${root}/dist/cli/help.cjs`);
const [{ usageOperands }] = bundles;
const common = bundles[0].commonOptions;
const { version, releaseDate: date } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

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
/** Each tool with all of its options. */
const complete = tools.map((tool) => ({ ...tool, options: { ...tool.options, ...common } }));
rmSync(`${root}/man`, { recursive: true, force: true });
mkdirSync(`${root}/man`);
const edition = { ...help, version, date, names, usageOperands };
for (const tool of complete) writeFileSync(`${root}/man/${tool.name}.1`, manPage(tool, edition));
writeFileSync(`${root}/man/etlutils.7`, overview(tools, edition));
writeFileSync(`${root}/dist/completion.bash`, bashCompletion(complete));
writeFileSync(`${root}/dist/completion.zsh`, zshCompletion(complete, help.valueNameOf));
writeFileSync(`${root}/dist/completion.fish`, fishCompletion(complete));
if (wanted !== readme) writeFileSync(`${root}/README.md`, wanted);
