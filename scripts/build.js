/**
 * Bundles src/ into dist/, one file per tool: to open and link many files takes longer than to run them. For the same reason
 * the bundles are CommonJS, though the sources are modules. A module that is imported where it is first used runs only then.
 * Most libraries with a native part stay outside, since they find their binaries relative to themselves; so does csv-parse,
 * which most input does not need.
 *
 * @import { Metafile, Plugin } from 'esbuild'
 */

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = readdirSync(`${root}/src/tools`).map((name) => name.replace(/\.ts$/, ''));

/**
 * A file of its own for the help: few command lines ask for it.
 *
 * @type {Plugin}
 */
const helpApart = {
  name: 'help apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/help\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: '../cli/help.cjs', external: true } : undefined,
    );
  },
};

/**
 * Bundles the SQLite library, so that it is compiled once and kept like the rest. It finds its binary relative to itself, so
 * it must be told where it is installed; Node's own search finds every place, but takes longer than a look into the usual
 * folders.
 *
 * @type {Plugin}
 */
const sqliteInside = {
  name: 'sqlite inside',
  setup({ onLoad }) {
    const installed = `
      const name = '@photostructure/sqlite';
      const files = require.resolve.paths(name).map((folder) => \`\${folder}/\${name}/dist/index.cjs\`);
      const file = files.find(require('node:fs').existsSync) ?? require.resolve(name);
      const installed = require('node:url').pathToFileURL(file).href;`;
    onLoad({ filter: /@photostructure.sqlite.dist.index\.mjs$/ }, ({ path }) => ({
      contents: installed + readFileSync(path, 'utf8').replaceAll('import.meta.url', 'installed'),
    }));
  },
};

/**
 * A file of its own for each large library, `src/KIND/DRIVER/library.ts`: it is read only when an address names its driver,
 * and one file serves all tools.
 *
 * @type {Plugin}
 */
const librariesApart = {
  name: 'libraries apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/library\.ts$/ }, ({ kind, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: `../libraries/${basename(resolveDir)}.cjs`, external: true }
        : undefined,
    );
  },
};

/**
 * Of the Kafka library, what it needs for its work: it compiles a validator of each kind of options when it is loaded, of which
 * none is asked here, and loads a schema registry's formats. Its WebAssembly lies beside the bundle.
 *
 * @type {Plugin}
 */
const kafkaSlim = {
  name: 'kafka slim',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(ajv\/dist\/2020\.js|avsc|debug)$/ }, ({ path, importer }) =>
      /platformatic.kafka/.test(importer) ? { path, namespace: 'left out' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'left out' }, () => ({
      contents: `
        class Ajv2020 {
          addKeyword() {}
          compile() { return () => true; }
        }
        module.exports = Object.assign(() => () => {}, { Ajv2020 });`,
    }));
    onLoad({ filter: /wasm-utils.dist.index\.js$/ }, ({ path }) => {
      const wasm = `${dirname(path)}/native.wasm`;
      cpSync(wasm, `${root}/dist/libraries/native.wasm`);
      return { contents: readFileSync(path, 'utf8').replace('../dist/native.wasm', './native.wasm') };
    });
  },
};

/**
 * Of yargs its parser: what stands beside it in the same module is not used, and may be left out; nor does it read files of
 * settings, for which it would make a `require` of its own (0.2 ms).
 *
 * @type {Plugin}
 */
const yargsSlim = {
  name: 'yargs slim',
  setup({ onResolve, onLoad }) {
    onLoad({ filter: /yargs-parser.build.lib.index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace("import { createRequire } from 'node:module';", '')
        .replace('createRequire ? createRequire(import.meta.url) : undefined', 'undefined'),
    }));
    onResolve({ filter: /^\.\.\// }, ({ path, importer, resolveDir }) =>
      /yargs.helpers.helpers\.mjs$/.test(importer)
        ? { path: resolve(resolveDir, path), sideEffects: false }
        : undefined,
    );
  },
};

/**
 * Of node-cron, what runs in this process: for tasks in processes of their own it asks where it is installed, and what starts
 * processes is loaded with it; so is cryptography, for names of tasks. That takes 10 ms of the time in which a crontab is read.
 *
 * @type {Plugin}
 */
const nodeCronSlim = {
  name: 'node-cron slim',
  setup({ onLoad }) {
    onLoad({ filter: /node-cron.dist.[\w-]+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace("import { fork } from 'child_process';", 'const fork = undefined;')
        .replaceAll('fileURLToPath(import.meta.url)', '__filename')
        .replace(
          "import { randomUUID } from 'node:crypto';",
          "const randomUUID = () => process.getBuiltinModule('node:crypto').randomUUID();",
        )
        .replace("import 'node:crypto';", ''),
    }));
  },
};

const libraries = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('/library.ts'),
);

/** What `import.meta.url` is, in bundles whose libraries ask for it: others leave it out, since to make it takes Node 0.3 ms. */
const MODULE_URL = "const moduleUrl=require('node:url').pathToFileURL(__filename).href;";
const ASKS_FOR_URL = /^libraries\//;

/** @param {string} name @param {string} contents */
const bundle = async (name, contents) => {
  const built = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, sourcefile: `${name}.js` },
    outfile: `dist/${name}.cjs`,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    // From the libraries' ES modules only the parts in use are taken.
    mainFields: ['module', 'main'],
    // Modules within the bundle are loaded without a promise.
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    metafile: true,
    plugins: [helpApart, librariesApart, sqliteInside, kafkaSlim, yargsSlim, nodeCronSlim],
    external: [
      'koffi',
      '@koromix/*',
      '@resvg/resvg-js',
      'csv-parse',
      'csv-stringify',
      'lossless-json',
      'pg',
      'pg-copy-streams',
    ],
    define: {
      'import.meta.url': 'moduleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      // What a user of a bundle can do nothing about.
      'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"',
    },
    ...(ASKS_FOR_URL.test(name) && { banner: { js: MODULE_URL } }),
    logLevel: 'warning',
  });
  const text = readFileSync(`${root}/dist/${name}.cjs`, 'utf8');
  if (text.includes('moduleUrl') && !ASKS_FOR_URL.test(name))
    throw new Error(`dist/${name}.cjs: add it to ASKS_FOR_URL`);
  // One other character, which esbuild leaves alone in a pattern, makes the text twice as long in memory: 1 ms of each run.
  const [odd] = /.{0,40}[^\0-\x7f].{0,40}/.exec(text) ?? [];
  if (odd !== undefined && name.startsWith('tools/'))
    throw new Error(`dist/${name}.cjs is not ASCII: ${odd}`);
  return built;
};

/**
 * Writes down what the authors of libraries ask for that are in bundles, and are not installed with the tools.
 *
 * @param {string} folder of the bundles
 * @param {Metafile[]} metafiles
 */
const writeLicenses = (folder, metafiles) => {
  const folders = metafiles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const texts = [...new Set(folders)].sort().map((library) => {
    const { name, version, license } = JSON.parse(readFileSync(`${root}/${library}/package.json`, 'utf8'));
    const file = readdirSync(`${root}/${library}`).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? '' : `\n${readFileSync(`${root}/${library}/${file}`, 'utf8').trim()}\n`;
    return `${name} ${version}: ${license}\n${text}`;
  });
  writeFileSync(`${root}/${folder}/LICENSES`, texts.join(`\n${'-'.repeat(80)}\n`));
};

/** The libraries of drivers. */
const bundleLibraries = async () => {
  const bundles = await Promise.all(
    libraries.map((path) => bundle(`libraries/${basename(dirname(path))}`, `export * from './src/${path}';`)),
  );
  writeLicenses(
    'dist/libraries',
    bundles.map(({ metafile }) => metafile),
  );
};

/** The pages of the dashboard: a script and a style sheet of each, what scripts share or load later, and files as they are. */
const bundlePage = async () => {
  const [page, built] = ['src/dashboard/page', 'dist/dashboard/page'];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      app: `${page}/app.ts`,
      style: `${page}/style.css`,
      runs: `${page}/runs/app.ts`,
      'runs-style': `${page}/runs.css`,
    },
    outdir: built,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'runs.html', 'favicon.svg'])
    cpSync(`${root}/${page}/${name}`, `${root}/${built}/${name}`);
  writeLicenses(built, [metafile]);
};

/** The JSON Schema of files of tasks, for editors: from the keys that the reader knows. */
const writeSchema = async () => {
  await bundle('schema/json-schema', `export * from './src/schedule/graph/json-schema.ts';`);
  const { graphSchema } = await import(`${root}/dist/schema/json-schema.cjs`);
  writeFileSync(`${root}/dist/tasks.schema.json`, `${JSON.stringify(graphSchema(), undefined, 2)}\n`);
  rmSync(`${root}/dist/schema`, { recursive: true });
};

/** The font of PNG charts, and its licence. */
const copyFonts = () => {
  const fonts = `${root}/node_modules/dejavu-fonts-ttf`;
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    cpSync(`${fonts}/ttf/${name}`, `${root}/dist/fonts/${name}`);
  cpSync(`${fonts}/LICENSE`, `${root}/dist/fonts/LICENSE`);
};

rmSync(`${root}/dist`, { recursive: true, force: true });
copyFonts();
await Promise.all([
  bundle('cli/help', `export * from './src/cli/help.ts';`),
  bundle('cli/load-tool', `export * from './src/cli/load-tool.ts';`),
  ...tools.map((name) =>
    bundle(
      `tools/${name}`,
      `export { launch } from './src/cli/launch.ts';
       export { commonOptions, usageOperands } from './src/cli/tool.ts';
       export { default as tool } from './src/tools/${name}.ts';`,
    ),
  ),
  bundleLibraries(),
  bundle('counting/worker', `import './src/counting/worker.ts';`),
  bundlePage(),
  writeSchema(),
]);

/**
 * Compiles an AssemblyScript kernel, without run-time checks: the hosts keep within the kernels' memory.
 *
 * @param {string} name
 * @param {string} pages of 64 KiB
 */
const kernel = async (name, pages) => {
  const { error, stderr } = await asc.main([
    `${root}/src/kernels/${name}/kernel.ts`,
    ...['--outFile', `${root}/dist/${name}.wasm`],
    ...['--runtime', 'stub', '--enable', 'simd', '--use', 'abort=', '--initialMemory', pages],
    ...['--optimizeLevel', '3', '--noAssert'],
  ]);
  if (error) throw new Error(stderr.toString(), { cause: error });
};
await kernel('readings', '48');
await kernel('weblog', '64');
