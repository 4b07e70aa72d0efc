import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../schemas/problem.ts'

export const outputNames = ['validation', 'train', 'all', 'test', 'report'] as const
/** Not made unless something is put there. */
const onDemand: ReadonlySet<string> = new Set(['test'])
export type OutputName = (typeof outputNames)[number]
export type OutputPaths = Readonly<Record<OutputName, string>>

/**
 * The output folders while they are being filled. Everything is written to a hidden folder inside each of them, because
 * in a container they exist already and may be mounts of their own; {@link commit} moves it into place by renaming, the
 * report last. A class because half-made folders have a lifetime.
 */
export class OutputFolders {
  /** Where to write for now. */
  readonly staging: OutputPaths
  private readonly outputs: OutputPaths
  private readonly created: string[] = []

  constructor(outputs: OutputPaths) {
    this.outputs = outputs
    for (const name of outputNames) checkEmpty(outputs[name])
    const hidden = `.foldwise-${process.pid}-${randomBytes(4).toString('hex')}`
    this.staging = mapOutputs(name => join(outputs[name], hidden))
    try {
      for (const name of outputNames) if (!onDemand.has(name)) this.create(this.staging[name])
    } catch (error) {
      this.abandon()
      throw error
    }
  }

  /** A folder to write into, such as `train` and `3`. */
  folder(name: OutputName, ...parts: string[]): string {
    const path = join(this.staging[name], ...parts)
    this.create(this.staging[name])
    mkdirSync(path, { recursive: true })
    return path
  }

  commit(): void {
    const moved: string[] = []
    try {
      for (const name of outputNames.filter(each => existsSync(this.staging[each])))
        for (const entry of readdirSync(this.staging[name])) {
          const target = join(this.outputs[name], entry)
          renameSync(join(this.staging[name], entry), target)
          moved.push(target)
        }
    } catch (error) {
      for (const path of moved) rmSync(path, { recursive: true, force: true })
      throw error
    }
    for (const name of outputNames) rmSync(this.staging[name], { recursive: true, force: true })
  }

  /** Takes away everything that was written, and every folder that was made for it. */
  abandon(): void {
    for (const path of this.created.toReversed()) rmSync(path, { recursive: true, force: true })
  }

  private create(path: string): void {
    if (existsSync(path)) return
    this.create(dirname(path))
    mkdirSync(path)
    this.created.push(path)
  }
}

export function mapOutputs(path: (name: OutputName) => string): OutputPaths {
  return {
    validation: path('validation'),
    train: path('train'),
    all: path('all'),
    test: path('test'),
    report: path('report'),
  }
}

function checkEmpty(folder: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isDirectory())
    throw new UserError(`${folder} — this is a file, not a folder — choose another output folder`)
  if (readdirSync(folder).length > 0)
    throw new UserError(`${folder} — the output folder is not empty — choose another one, or empty it first`)
}
