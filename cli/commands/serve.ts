import { resolve } from 'node:path'
import { startLocalSageMaker } from '../../local/index.ts'
import { UserError } from '../../schemas/problem.ts'
import { defineCommand } from '../command.ts'
import { shared, wholeNumber } from '../flags.ts'
import { loadConfig } from '../load-config.ts'
import { announceServer, findServer } from '../serve-file.ts'
import { DEFAULT_STATE } from '../target.ts'

/** `foldwise serve`: the local SageMaker until Ctrl-C. */
export const serve = defineCommand({
  positionals: [],
  flags: {
    state: shared.state,
    port: wholeNumber('--port <n>', 'port on 127.0.0.1 (default: a free one)', 0, 65_535),
    maxJobs: wholeNumber('--max-jobs <n>', 'jobs that may run at once over all executions', 1, 1000),
    runtime: shared.runtime,
  },
  examples: [
    'foldwise serve --port 4510',
    'aws --endpoint-url http://127.0.0.1:4510 sagemaker list-pipelines --region us-east-1',
  ],
  run: async (_, { state, port, maxJobs, runtime }, host) => {
    const stateDir = resolve(state ?? DEFAULT_STATE)
    const other = await findServer(stateDir)
    if (other !== undefined) {
      throw new UserError(
        `${stateDir}: process ${other.pid} serves this state folder already at ${other.endpoint} — one server per folder — use that one, stop it, or pass another --state.`,
      )
    }
    const server = await startLocalSageMaker({
      stateDir,
      ...(await loadConfig()).local,
      ...(runtime && { runtime }),
      ...(port === undefined ? {} : { port }),
      ...(maxJobs === undefined ? {} : { maxParallelJobs: maxJobs }),
    })
    try {
      const withdraw = await announceServer(stateDir, server.endpoint)
      try {
        host.print({
          data: { endpoint: server.endpoint, pid: process.pid, state: stateDir },
          text: colors =>
            [
              `Local SageMaker and S3 at ${colors.cyan(server.endpoint)}, state in ${stateDir}`,
              `Clients: AWS_ENDPOINT_URL=${server.endpoint} with any credentials and region us-east-1; foldwise finds it with --local.`,
            ].join('\n'),
        })
        if (host.err.live) host.note('Ctrl-C stops it.')
        await aborted(host.interrupted)
      } finally {
        await withdraw()
      }
    } finally {
      await server.close()
    }
    // Being stopped is how a server ends.
    return { exitCode: 0 }
  },
})

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}
