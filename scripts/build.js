/**
 * Bundles src/ into dist/, one file per tool, because opening and linking many files takes longer than running them. For the
 * same reason the bundles are CommonJS, though the sources are ES modules. A dynamic import still runs its module only on first
 * use. Most libraries with a native part stay external, because they find their binaries relative to themselves; so does
 * csv-parse, which most input does not need.
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
 * Puts the help into a separate file, because most runs do not need it.
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
 * Bundles the SQLite library, so that its code is in the compile cache. It finds its binary relative to itself, so its folder
 * is passed in. The usual folders are tried first: Node's own resolution finds every place, but takes longer.
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
 * Puts each large library, `src/KIND/DRIVER/library.ts`, into a separate file shared by all tools, which is loaded only when an
 * address needs its driver.
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
 * Stubs what the Kafka library loads but does not need here: validators of its options, which it compiles at each start, and
 * schema registry formats. Puts its WebAssembly beside the bundle.
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
 * Bundles only the parser of yargs, by marking the rest of its module as free of side effects. It reads no settings files here,
 * so it needs no `require` of its own (0.2 ms).
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
 * Stubs what node-cron does not need in this process: child_process and its own location, for tasks in other processes, and
 * crypto, for task names. They take 10 ms, and reading a crontab needs neither.
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

/** Defines `import.meta.url` for bundles whose libraries need it. The others save 0.3 ms. */
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
    // Prefers the libraries' ES modules, for tree shaking.
    mainFields: ['module', 'main'],
    // Compiles import() of external modules to require(), which does without the ES module loader.
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
      // Silences a warning that users of a bundle can do nothing about.
      'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"',
    },
    ...(ASKS_FOR_URL.test(name) && { banner: { js: MODULE_URL } }),
    logLevel: 'warning',
  });
  const text = readFileSync(`${root}/dist/${name}.cjs`, 'utf8');
  if (text.includes('moduleUrl') && !ASKS_FOR_URL.test(name))
    throw new Error(`dist/${name}.cjs: add it to ASKS_FOR_URL`);
  // esbuild escapes non-ASCII characters, except in patterns. One of them doubles the text in memory: 1 ms of each run.
  const [odd] = /.{0,40}[^\0-\x7f].{0,40}/.exec(text) ?? [];
  if (odd !== undefined && name.startsWith('tools/'))
    throw new Error(`dist/${name}.cjs is not ASCII: ${odd}`);
  return built;
};

/**
 * Collects the licences of bundled libraries that are not installed along with the tools.
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

/** Bundles the libraries of drivers, with their licences. */
const bundleLibraries = async () => {
  const bundles = await Promise.all(
    libraries.map((path) => bundle(`libraries/${basename(dirname(path))}`, `export * from './src/${path}';`)),
  );
  writeLicenses(
    'dist/libraries',
    bundles.map(({ metafile }) => metafile),
  );
};

/** Bundles the dashboard's pages: a script and a style sheet each, shared and lazy chunks, and static files. */
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

/** Writes the JSON Schema of task files, for editors, from the keys that their reader knows. */
const writeSchema = async () => {
  await bundle('schema/json-schema', `export * from './src/schedule/graph/file/json-schema.ts';`);
  const { graphSchema } = await import(`${root}/dist/schema/json-schema.cjs`);
  writeFileSync(`${root}/dist/tasks.schema.json`, `${JSON.stringify(graphSchema(), undefined, 2)}\n`);
  rmSync(`${root}/dist/schema`, { recursive: true });
};

/** Copies the font of PNG charts, and its licence. */
const copyFonts = () => {
  const fonts = `${root}/node_modules/dejavu-fonts-ttf`;
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    cpSync(`${fonts}/ttf/${name}`, `${root}/dist/fonts/${name}`);
  cpSync(`${fonts}/LICENSE`, `${root}/dist/fonts/LICENSE`);
};

// Retries, because a tool that is ending may still write to the compile cache.
rmSync(`${root}/dist`, { recursive: true, force: true, maxRetries: 10 });
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
 * Compiles an AssemblyScript kernel without run-time checks: its host keeps within the kernel's memory.
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
