// Bundles the library, the CLI and the containers' programs into dist/: node scripts/build.mjs
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** The library's doors and the CLI are one call with splitting, so that all of them share their module instances. */
const library = {
  index: 'pipeline/index.ts',
  definition: 'pipeline/definition/index.ts',
  validate: 'pipeline/validate/index.ts',
  service: 'pipeline/service/index.ts',
  local: 'local/index.ts',
  cli: 'cli/main.ts',
}

/** One file each, complete in itself: the local SageMaker and the images run these bytes. */
const containers = {
  'containers/aggregate': 'processing/report/main.ts',
  'containers/choose': 'processing/choose/main.ts',
  'containers/function': 'processing/function/main.ts',
  'containers/repack': 'processing/repack/main.ts',
  'containers/train': 'training/main.ts',
}
/** Every job starts with it, and half of it is for Parquet: that comes in chunks, which are loaded when they are wanted. */
const splitter = { 'containers/split': 'processing/split/main.ts' }

/** CommonJS packages inside an ESM bundle call `require` for Node's own modules. */
const banner = {
  js: "import { createRequire as foldwiseCreateRequire } from 'node:module'; const require = foldwiseCreateRequire(import.meta.url);",
}

const common = {
  absWorkingDir: root,
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  banner,
  logLevel: 'warning',
}

const results = await Promise.all([
  // The AWS SDK and esbuild stay packages: npm audits and updates them, and esbuild is a native program.
  build({
    ...common,
    entryPoints: library,
    splitting: true,
    chunkNames: '[name]-[hash]',
    external: ['@aws-sdk/*', 'esbuild'],
  }),
  build({ ...common, entryPoints: containers }),
  build({ ...common, entryPoints: splitter, splitting: true, chunkNames: 'containers/chunks/[name]-[hash]' }),
]).catch(error => {
  // esbuild has printed what is wrong, with file and line.
  console.error(`build: ${error.errors?.length ?? 'an'} error(s), dist/ is left as it was`)
  process.exit(1)
})

const outputs = results.flatMap(result => result.outputFiles)
await Promise.all(outputs.map(writeWhenChanged))
const current = new Set(outputs.map(output => output.path))
await Promise.all([dist, join(dist, 'containers/chunks')].map(folder => removeStaleChunks(folder, current)))

for (const { metafile } of results) {
  for (const [path, { inputs }] of Object.entries(metafile.outputs)) {
    const sdk = Object.keys(inputs).find(input => input.includes('node_modules/@aws-sdk/'))
    if (sdk !== undefined) throw new Error(`${path} contains the AWS SDK (${sdk})`)
  }
}

/** A rename is atomic: a program that starts during the build reads the old file or the new one. */
async function writeWhenChanged({ path, contents }) {
  const old = await readFile(path).catch(() => undefined)
  if (old?.equals(contents)) return
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, contents, { mode: basename(path) === 'cli.mjs' ? 0o755 : 0o644 })
  await rename(temporary, path)
}

/** Chunks of earlier builds go, but not at once: a program that runs may still load them. */
async function removeStaleChunks(folder, current) {
  const minutes = 10
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (!/-[A-Z0-9]{8}\.mjs$/.test(name) || current.has(path)) continue
    if ((await stat(path)).mtimeMs < Date.now() - minutes * 60_000) await unlink(path)
  }
}
