import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

/** How a child process ended. */
export interface ProgramResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `node <args>` with only the given environment (and PATH) and waits for its end. */
export function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  onStart: (child: ChildProcess) => void = () => {},
): Promise<ProgramResult> {
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '', ...environment } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => (stdout += String(chunk)))
  child.stderr.on('data', chunk => (stderr += String(chunk)))
  onStart(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}
