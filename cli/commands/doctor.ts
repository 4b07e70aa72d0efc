import { access, constants, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { execFile } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createClients } from '../../pipeline/service/index.ts'
import { isUserError } from '../../schemas/problem.ts'
import { defineCommand } from '../command.ts'
import { shared } from '../flags.ts'
import { packageRoot, packageVersion } from '../installation.ts'
import { renderTable } from '../render/table.ts'
import { DEFAULT_STATE } from '../target.ts'

/** How a check came out: `missing` is something optional that is not there. */
type Verdict = 'ok' | 'missing' | 'broken'

interface Finding {
  readonly check: string
  readonly verdict: Verdict
  readonly detail: string
}

interface Circumstances {
  readonly stateDir: string
  readonly region: string | undefined
  readonly profile: string | undefined
}

type Check = (circumstances: Circumstances) => Promise<Omit<Finding, 'check'>>

/** What is looked at, in this order. */
const checks: Readonly<Record<string, Check>> = {
  node: async () => {
    const major = Number(process.versions.node.split('.')[0])
    return { verdict: major >= 20 ? 'ok' : 'broken', detail: `${process.version}, 20 or later is needed` }
  },
  'container programs': async () => {
    const names = ['split', 'aggregate', 'train'].map(name => `${name}.mjs`)
    const found = await Promise.all(names.map(name => exists(join(packageRoot, 'dist/containers', name))))
    const lacking = names.filter((_, index) => !found[index])
    return lacking.length === 0
      ? { verdict: 'ok', detail: join(packageRoot, 'dist/containers') }
      : { verdict: 'broken', detail: `${lacking.join(', ')} is not built: run "npm run build"` }
  },
  'state folder': async ({ stateDir }) => {
    const folder = await firstExisting(stateDir)
    const writable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
    return writable
      ? { verdict: 'ok', detail: stateDir }
      : { verdict: 'broken', detail: `${folder} cannot be written: choose another with --state` }
  },
  loopback: async () => {
    const server = createServer()
    const error = await new Promise<Error | undefined>(done => {
      server.once('error', done)
      server.listen(0, '127.0.0.1', () => done(undefined))
    })
    server.close()
    return error === undefined
      ? { verdict: 'ok', detail: 'a port on 127.0.0.1 can be opened' }
      : { verdict: 'broken', detail: error.message }
  },
  docker: () => program(['docker', 'podman'], 'images of your own run in it'),
  python: () => program(['python3', 'python'], 'script mode containers run in it'),
  'aws region': async ({ region, profile }) => {
    try {
      const clients = await createClients({ region, profile })
      clients.close()
      return { verdict: 'ok', detail: clients.region }
    } catch (error) {
      if (!isUserError(error)) throw error
      return { verdict: 'missing', detail: 'none configured; only needed for AWS' }
    }
  },
  'aws credentials': async ({ region, profile }) => {
    const clients = await createClients({ region: region ?? 'us-east-1', profile })
    try {
      await clients.sagemaker.config.credentials()
      return { verdict: 'ok', detail: profile ?? process.env['AWS_PROFILE'] ?? 'found' }
    } catch {
      // Any reason means the same here: whoever needs AWS gets the exact sentence from the command that does.
      return { verdict: 'missing', detail: 'none found; only needed for AWS' }
    } finally {
      clients.close()
    }
  },
}

/** `foldwise doctor`: what this set-up has; exit 1 when something needed is broken. */
export const doctor = defineCommand({
  positionals: [],
  flags: { state: shared.state, region: shared.region, profile: shared.profile },
  examples: ['foldwise doctor', 'foldwise doctor --profile production --json'],
  run: async (_, { state, region, profile }) => {
    const circumstances = { stateDir: resolve(state ?? DEFAULT_STATE), region, profile }
    const findings = await Promise.all(
      Object.entries(checks).map(
        async ([check, look]): Promise<Finding> => ({ check, ...(await look(circumstances)) }),
      ),
    )
    return {
      data: { version: packageVersion(), checks: findings },
      text: colors => {
        const paint = { ok: colors.green, missing: colors.dim, broken: colors.red } as const
        return renderTable(
          [{ title: 'check' }, { title: 'verdict' }, { title: 'detail' }],
          findings.map(({ check, verdict, detail }) => [check, paint[verdict](verdict), detail]),
        ).join('\n')
      },
      exitCode: findings.some(({ verdict }) => verdict === 'broken') ? 1 : 0,
    }
  },
})

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function firstExisting(path: string): Promise<string> {
  let folder = path
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

async function program(names: readonly string[], use: string): Promise<Omit<Finding, 'check'>> {
  for (const name of names) {
    const answer = await promisify(execFile)(name, ['--version'], { timeout: 5000 }).catch(() => undefined)
    if (answer !== undefined) return { verdict: 'ok', detail: `${answer.stdout.trim().split('\n')[0]}; ${use}` }
  }
  return { verdict: 'missing', detail: `no ${names.join(' or ')} on PATH; ${use}` }
}
