import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The banner that lets CommonJS dependencies call `require` in an ES module. */
const banner = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

/**
 * Bundles a program of the project (`training/main.ts`) to one file in a folder of its own, far from `node_modules`,
 * as an image has it. Returns the file's path; the file goes with this process.
 */
export async function bundle(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'foldwise-bundle-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const outfile = join(folder, 'program.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL(`../../${entry}`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    logLevel: 'silent',
  })
  return outfile
}
