import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['foldwise-source'] },
  ssr: { resolve: { conditions: ['foldwise-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    env: { NO_COLOR: '1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
