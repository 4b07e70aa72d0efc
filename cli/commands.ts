import type { AnyCommand } from './command.ts'

interface Verb {
  readonly summary: string
  /** Loads the command; the others stay on disk, so that every start is quick. */
  readonly load: () => Promise<AnyCommand>
}

/** Every verb, in the order of `foldwise --help`. */
export const verbs = {
  synth: {
    summary: 'write the definition JSON of a pipeline',
    load: async () => (await import('./commands/synth.ts')).synth,
  },
  validate: {
    summary: 'find all problems of a program or a definition before AWS does',
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  run: {
    summary: 'run a pipeline on this machine, from upload to verdict',
    load: async () => (await import('./commands/run.ts')).run,
  },
  diff: {
    summary: 'show what differs from what is deployed, or from a file',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  graph: {
    summary: 'draw the steps and what they wait for',
    load: async () => (await import('./commands/graph.ts')).graph,
  },
  import: {
    summary: 'write a definition JSON as a TypeScript program that emits the same document',
    load: async () => (await import('./commands/import.ts')).importDefinition,
  },
  upsert: {
    summary: 'create or update a pipeline, only when something changed',
    load: async () => (await import('./commands/upsert.ts')).upsert,
  },
  start: {
    summary: 'start an execution of a deployed pipeline',
    load: async () => (await import('./commands/start.ts')).start,
  },
  watch: {
    summary: 'follow an execution until it ends',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  list: {
    summary: 'list pipelines, or the executions of one',
    load: async () => (await import('./commands/list.ts')).list,
  },
  versions: {
    summary: 'list the versions of a deployed pipeline',
    load: async () => (await import('./commands/versions.ts')).versions,
  },
  describe: {
    summary: 'show an execution with its steps and metrics',
    load: async () => (await import('./commands/describe.ts')).describe,
  },
  logs: {
    summary: 'show the logs of the jobs of an execution',
    load: async () => (await import('./commands/logs.ts')).logs,
  },
  stop: {
    summary: 'stop an execution',
    load: async () => (await import('./commands/stop.ts')).stop,
  },
  retry: {
    summary: 'run the failed and missing steps of an execution again',
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  serve: {
    summary: 'the local SageMaker and S3 on a loopback port, until stopped',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  split: {
    summary: 'split local files into folds, as the split container does',
    load: async () => (await import('./commands/split.ts')).split,
  },
  'verify-folds': {
    summary: 'check written folds against their fold report, record by record',
    load: async () => (await import('./commands/verify-folds.ts')).verifyFoldsCommand,
  },
  explain: {
    summary: 'explain a code of the judge',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  doctor: {
    summary: 'check what this machine has and what it lacks',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
} as const satisfies Record<string, Verb>
