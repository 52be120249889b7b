// Bundles src/ into dist/: one entry per tool, what they share in chunks, so that a tool loads only what it uses.
// Libraries with a native part stay outside the bundle; they find their binaries relative to themselves.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = readdirSync(`${root}/src/tools`).filter((name) => name.endsWith('.ts'));

// What yargs uses to measure the text of --help is made when it is loaded: half of the time that a tool takes to start.
// Made at its first use instead, it does the same.
const madeLate = [
  ['const segmenter = new Intl.Segmenter();', 'segmenter', 'new Intl.Segmenter()', 'segment'],
  ['const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;', 'rgiEmojiRegex', '/^\\p{RGI_Emoji}$/v', 'test'],
];
const late = {
  name: 'late',
  setup({ onLoad }) {
    onLoad({ filter: /\/(string-width|wrap-ansi)\/index\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [line, name, value, method] of madeLate) {
        contents = contents.replace(
          line,
          () =>
            `let ${name}Made; const ${name} = { ${method}: (text) => (${name}Made ??= ${value}).${method}(text) };`,
        );
      }
      return { contents };
    });
  },
};

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [
    'src/cli/launch.ts',
    'src/cli/tool.ts',
    'src/counting/worker.ts',
    ...tools.map((name) => `src/tools/${name}`),
  ],
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  plugins: [late],
  external: ['koffi', '@photostructure/sqlite'],
  // Bundled CommonJS libraries call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

// The kernel of get-stats. No checks of what it is given: its host keeps to its memory.
const { error, stderr } = await asc.main([
  `${root}/src/kernel/assembly/kernel.ts`,
  ...['--outFile', `${root}/dist/kernel.wasm`],
  ...['--runtime', 'stub', '--enable', 'simd', '--use', 'abort=', '--initialMemory', '48'],
  ...['--optimizeLevel', '3', '--noAssert'],
]);
if (error) throw new Error(stderr.toString(), { cause: error });
