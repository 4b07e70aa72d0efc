import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['foldwise-source'] },
  ssr: { resolve: { conditions: ['foldwise-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Most of the time the tests wait for processes and clocks: one worker per core, and two on the smallest machine.
    maxWorkers: Math.max(2, availableParallelism()),
    env: { NO_COLOR: '1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
