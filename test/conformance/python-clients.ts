import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Clients from PyPI, of the virtual environment that `FOLDWISE_PYTHON` names or of the PATH. The tests that need one that
 * is not installed are skipped with the reason, or fail when `FOLDWISE_PYTHON` was to have it.
 */
export interface PythonClients {
  /** Why there is no such module, or undefined. */
  missing(module: string): Promise<string | undefined>
  /** Runs a program of this folder; it prints one JSON value. */
  python(program: string, endpoint: string, ...args: string[]): Promise<unknown>
  /** Runs the AWS CLI; gives what it printed. */
  aws(endpoint: string, ...args: string[]): Promise<string>
  missingAws(): Promise<string | undefined>
}

export function findPythonClients(environment: NodeJS.ProcessEnv = process.env): PythonClients {
  const folder = environment['FOLDWISE_PYTHON']
  const bin = folder === undefined ? undefined : join(folder, 'bin')
  const named = (name: string) => (bin !== undefined && existsSync(join(bin, name)) ? join(bin, name) : name)
  const where = folder === undefined ? 'on the PATH (FOLDWISE_PYTHON names no virtual environment)' : `in ${folder}`

  // Whoever names an environment wants the tests to run: there a missing client is a failure, not a reason to skip.
  const absent = (reason: string): string => {
    if (folder !== undefined) throw new Error(reason)
    return reason
  }

  return {
    async missing(module) {
      try {
        await run(named(bin === undefined ? 'python3' : 'python'), ['-c', `import ${module}`])
        return undefined
      } catch {
        return absent(`the Python module ${module} is not installed ${where}`)
      }
    },
    async python(program, endpoint, ...args) {
      const file = fileURLToPath(new URL(program, import.meta.url))
      const { stdout } = await run(
        named(bin === undefined ? 'python3' : 'python'),
        [file, endpoint, ...args],
        options(environment, bin),
      )
      return JSON.parse(stdout) as unknown
    },
    async aws(endpoint, ...args) {
      const { stdout } = await run(
        named('aws'),
        ['--endpoint-url', endpoint, '--output', 'json', ...args],
        options(environment, bin),
      )
      return stdout
    },
    async missingAws() {
      try {
        await run(named('aws'), ['--version'], options(environment, bin))
        return undefined
      } catch {
        return absent(`the AWS CLI is not installed ${where}`)
      }
    },
  }
}

/** Nothing of the caller's own AWS settings reaches the clients. */
function options(environment: NodeJS.ProcessEnv, bin: string | undefined) {
  const env = {
    PATH: [bin, environment['PATH']].filter(part => part !== undefined).join(delimiter),
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }
  return { env, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 }
}
