import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RuntimeRefusal } from '../runtime.ts'

const run = promisify(execFile)

/** What pip needs to reach the user's package index; it is not handed on to the job. */
const passedOn =
  /^(PATH|HOME|USERPROFILE|SYSTEMROOT|TMPDIR|LANG|PIP_.*|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE)$/i

/** Virtual environments that are being made, by folder: ten folds with the same requirements wait for one. */
const underWay = new Map<string, Promise<string>>()

/**
 * The interpreter of a virtual environment with the packages of a `requirements.txt`, made when it is first needed and kept
 * by the text and the interpreter. The interpreter's own packages are seen, too, as those of the image would be.
 *
 * Without requirements it is the interpreter itself, and nothing is asked of the network.
 *
 * @throws RuntimeRefusal with pip's reason when they cannot be installed.
 */
export async function pythonWith(python: string, requirements: string, caches: string): Promise<string> {
  if (!existsSync(requirements)) return python
  const text = await readFile(requirements, 'utf8')
  if (text.split('\n').every(line => /^\s*(#.*)?$/.test(line))) return python
  const hash = createHash('sha256').update(`${python}\n${text}`).digest('hex').slice(0, 32)
  const folder = join(caches, 'python', hash)
  const known = underWay.get(folder) ?? make(python, folder, text)
  underWay.set(folder, known)
  return known.finally(() => underWay.delete(folder))
}

async function make(python: string, folder: string, text: string): Promise<string> {
  const interpreter = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  // Written last: a folder without it was left by a process that died.
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return interpreter
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const list = join(folder, 'requirements.txt')
  await writeFile(list, text)
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value !== undefined && passedOn.test(name)),
  )
  const options = { env: environment, cwd: folder, maxBuffer: 64 * 1024 * 1024 }
  try {
    await run(python, ['-m', 'venv', '--system-site-packages', folder], options)
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '-r', list]
    await run(interpreter, pip, options)
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    throw new RuntimeRefusal(
      `requirements.txt of the script cannot be installed: ${reasonOf(cause)} — correct it, or make the package index reachable.`,
    )
  }
  await writeFile(complete, '')
  return interpreter
}

/** Of what pip printed the last line that begins with ERROR, else the last line. */
function reasonOf(cause: unknown): string {
  const { stderr = '', message = String(cause) } = cause as { stderr?: string; message?: string }
  const lines = (stderr || message).trim().split('\n')
  return (lines.findLast(line => line.startsWith('ERROR:')) ?? lines.at(-1) ?? '').trim()
}
