import { nodeRuntime } from './node.ts'
import type { Runtime } from './runtime.ts'

/** Ways to run an image on this machine. One entry per kind. */
export const runtimes = {
  node: nodeRuntime,
} satisfies Record<string, Runtime>

export type RuntimeKind = keyof typeof runtimes
