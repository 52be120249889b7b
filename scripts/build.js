// Bundles src/ into dist/, one file per tool: to open many, and to link them, takes longer than to run what is in them.
// For the same reason they are CommonJS, though the sources are modules. What is imported where it is first used is not
// run before that. Most libraries with a native part stay outside, since they find their binaries relative to themselves;
// so does csv-parse, which most input does not need.
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = readdirSync(`${root}/src/tools`).map((name) => name.replace(/\.ts$/, ''));

/** yargs, which few command lines need, would be half of every file: it gets one of its own. */
const manualApart = {
  name: 'manual apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/manual\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: '../cli/manual.cjs', external: true } : undefined,
    );
  },
};

/**
 * The library of SQLite comes into the bundles, to be compiled once and kept like the rest. It finds its binary relative
 * to itself, so it must be told where it is installed; Node's own search knows every way, but takes longer than a look
 * into the usual folders.
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

const bundle = (name, contents) =>
  build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, sourcefile: `${name}.js` },
    outfile: `dist/${name}.cjs`,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    // The libraries' modules, from which only what is used is taken.
    mainFields: ['module', 'main'],
    // A file at hand need not be asked for with a promise.
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    plugins: [manualApart, sqliteInside],
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
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });

/** What the browser gets: one script and one style sheet, and files as they are. */
const bundlePage = async () => {
  const page = `${root}/src/dashboard/page`;
  await build({
    absWorkingDir: page,
    entryPoints: ['app.ts', 'style.css'],
    outdir: `${root}/dist/dashboard/page`,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'favicon.svg'])
    cpSync(`${page}/${name}`, `${root}/dist/dashboard/page/${name}`);
};

/** What PNG charts are labelled with, and its licence. */
const copyFonts = () => {
  const fonts = `${root}/node_modules/dejavu-fonts-ttf`;
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    cpSync(`${fonts}/ttf/${name}`, `${root}/dist/fonts/${name}`);
  cpSync(`${fonts}/LICENSE`, `${root}/dist/fonts/LICENSE`);
};

rmSync(`${root}/dist`, { recursive: true, force: true });
copyFonts();
await Promise.all([
  bundle('cli/manual', `export * from './src/cli/manual.ts';`),
  bundle('cli/load-tool', `export * from './src/cli/load-tool.ts';`),
  ...tools.map((name) =>
    bundle(
      `tools/${name}`,
      `export { launch } from './src/cli/launch.ts';
       export { commonOptions } from './src/cli/tool.ts';
       export { default as tool } from './src/tools/${name}.ts';`,
    ),
  ),
  bundle('counting/worker', `import './src/counting/worker.ts';`),
  bundlePage(),
]);

// The kernels of get-stats and parse-log. No checks of what they are given: their hosts keep to their memory.
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
