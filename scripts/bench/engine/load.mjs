// How much the local SageMaker carries, through HTTP as a client sees it: 1000 steps that do nothing, 50 executions at once, and a
// page of a list of 10 000 executions.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const roleArn = 'arn:aws:iam::111122223333:role/Role'
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** A step that starts no job. */
const noop = (name, ...before) => ({
  Name: name,
  Type: 'Condition',
  ...(before.length > 0 && { DependsOn: before }),
  Arguments: { Conditions: [{ Type: 'Equals', LeftValue: 1, RightValue: 1 }], IfSteps: [], ElseSteps: [] },
})

const documentOf = steps => JSON.stringify({ Version: '2020-12-01', Metadata: {}, Parameters: [], Steps: steps })

/** Runs `work` with a client of a local SageMaker on a folder, which is made when it is not given. */
async function withServer({ local, service }, work, stateDir) {
  const folder = stateDir ?? (await mkdtemp(join(tmpdir(), 'foldwise-bench-')))
  const server = await local.startLocalSageMaker({ stateDir: folder })
  const clients = await service.createClients({ local: server.endpoint })
  try {
    return await work(clients, folder)
  } finally {
    clients.close()
    await server.close()
    if (stateDir === undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function create({ service }, clients, name, steps) {
  await service.upsertPipeline(clients, { name, definition: documentOf(steps), roleArn })
}

/** Waits until an execution has ended, without asking the server: that would be measured, too. @returns its events */
async function ended(folder, arn) {
  const file = join(folder, 'executions', arn.split('/').at(-1), 'journal.jsonl')
  for (;;) {
    const events = readFileSync(file, 'utf8').trimEnd().split('\n')
    if (events.at(-1).startsWith('{"type":"execution-status"')) return events.map(line => JSON.parse(line))
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** Milliseconds from the request to the last line of the journal. */
async function steps(doors, count, before) {
  return withServer(doors, async (clients, folder) => {
    await create(
      doors,
      clients,
      'Steps',
      Array.from({ length: count }, (_, n) => noop(`S${n}`, ...before(n))),
    )
    const began = Date.now()
    const arn = await doors.service.startExecution(clients, { pipelineName: 'Steps', parameters: {} })
    const events = await ended(folder, arn)
    if (events.at(-1).status !== 'Succeeded') throw new Error(`the run ended ${JSON.stringify(events.at(-1))}`)
    return Date.parse(events.at(-1).at) - began
  })
}

/** Milliseconds until all of `count` executions of 10 steps have ended. */
async function executions(doors, count) {
  return withServer(doors, async (clients, folder) => {
    await create(
      doors,
      clients,
      'Many',
      Array.from({ length: 10 }, (_, n) => noop(`S${n}`, ...(n > 0 ? [`S${n - 1}`] : []))),
    )
    const began = performance.now()
    const arns = await Promise.all(
      Array.from({ length: count }, () =>
        doors.service.startExecution(clients, { pipelineName: 'Many', parameters: {} }),
      ),
    )
    for (const arn of arns) {
      const events = await ended(folder, arn)
      if (events.at(-1).status !== 'Succeeded') throw new Error(`a run ended ${JSON.stringify(events.at(-1))}`)
    }
    return performance.now() - began
  })
}

/** Median milliseconds of a page of 100. */
async function pages(doors, count) {
  const stateDir = await mkdtemp(join(tmpdir(), 'foldwise-bench-'))
  try {
    await withServer(
      doors,
      async (clients, folder) => {
        await create(doors, clients, 'Long', [noop('A')])
        await ended(folder, await doors.service.startExecution(clients, { pipelineName: 'Long', parameters: {} }))
      },
      stateDir,
    )
    const [id] = readdirSync(join(stateDir, 'executions'))
    const summary = JSON.parse(readFileSync(join(stateDir, 'executions', id, 'summary.json'), 'utf8'))
    for (let n = 1; n < count; n++) {
      const other = String(n).padStart(12, '0')
      mkdirSync(join(stateDir, 'executions', other))
      writeFileSync(
        join(stateDir, 'executions', other, 'summary.json'),
        JSON.stringify({
          ...summary,
          id: other,
          arn: summary.arn.replace(id, other),
          createdAt: new Date(n).toISOString(),
        }),
      )
    }
    return await withServer(
      doors,
      async clients => {
        const times = []
        let token
        do {
          const began = performance.now()
          const page = await ask(clients.local, 'ListPipelineExecutions', {
            PipelineName: 'Long',
            MaxResults: 100,
            ...(token && { NextToken: token }),
          })
          times.push(performance.now() - began)
          token = page.NextToken
        } while (token !== undefined)
        return median(times)
      },
      stateDir,
    )
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}

async function ask(endpoint, operation, input) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

/**
 * Prints the numbers with their targets.
 *
 * @param doors `local` and `service`, the built packages.
 */
export async function benchLoad(doors) {
  const runs = 3
  const rows = []
  const measure = async (what, target, unit, work) => {
    const values = []
    for (let run = 0; run < runs; run++) values.push(await work())
    rows.push({ what, value: median(values), target, unit })
  }
  await measure('1000 steps in a row', 5000, 'ms', () => steps(doors, 1000, n => (n === 0 ? [] : [`S${n - 1}`])))
  await measure('1000 steps side by side', 5000, 'ms', () => steps(doors, 1000, () => []))
  await measure('50 executions of 10 steps at once, all ended', 5000, 'ms', () => executions(doors, 50))
  rows.push({ what: 'a page of 100 of 10 000 executions', value: await pages(doors, 10_000), target: 50, unit: 'ms' })
  console.log(`\n| load, median of ${runs} | measured | target |`)
  console.log('|---|--:|--:|')
  for (const { what, value, target, unit } of rows) {
    console.log(
      `| ${what} | ${value.toFixed(value < 100 ? 1 : 0)} ${unit} | under ${target} ${unit}: ${value < target ? 'met' : 'NOT met'} |`,
    )
  }
}
