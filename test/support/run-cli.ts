import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProgramResult } from './run-program.ts'

/** The built command line, as a user starts it. */
export const cliPath = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url))

export interface CliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly onStart?: (child: ChildProcess) => void
}

/** An environment without a home, so without anybody's AWS configuration, and without colours. */
const bareEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  NO_COLOR: '1',
}

/** Runs the built `foldwise` and waits for its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<ProgramResult> {
  if (!existsSync(cliPath)) throw new Error(`${cliPath} is missing: run "npm run build" before these tests`)
  const child = spawn(process.execPath, [cliPath, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...bareEnvironment, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => (stdout += String(chunk)))
  child.stderr.on('data', chunk => (stderr += String(chunk)))
  options.onStart?.(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** A temporary folder with the given files. */
export async function folderWith(
  files: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'foldwise-cli-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Example pipelines of the repository. */
export const nestedPipeline = fileURLToPath(new URL('../../examples/nested/pipeline.ts', import.meta.url))
export const irisPipeline = fileURLToPath(new URL('../../examples/iris/pipeline.ts', import.meta.url))
