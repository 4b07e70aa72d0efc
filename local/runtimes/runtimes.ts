import { containerRuntime } from './container.ts'
import { nodeRuntime } from './node.ts'
import { pythonRuntime } from './python.ts'
import type { Runtime } from './runtime.ts'

/** Ways to run an image on this machine. One entry per kind. */
export const runtimes = {
  node: nodeRuntime,
  python: pythonRuntime,
  container: containerRuntime,
} satisfies Record<string, Runtime>

export type RuntimeKind = keyof typeof runtimes
