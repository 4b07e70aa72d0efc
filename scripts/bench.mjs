// Runs the benchmarks side by side with what they are compared with: npm run bench [-- NAME … --OPTION …]; options go to
// every benchmark that runs.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

const folder = new URL('./bench/', import.meta.url)
const all = readdirSync(folder)
  .filter(name => name.endsWith('.mjs'))
  .map(name => name.slice(0, -4))
  .toSorted()
const wanted = process.argv.slice(2).filter(word => !word.startsWith('--'))
const options = process.argv.slice(2).filter(word => word.startsWith('--'))
const unknown = wanted.filter(name => !all.includes(name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}.`)
  process.exit(2)
}

console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`)
let failed = 0
for (const name of wanted.length > 0 ? wanted : all) {
  console.log(`\n## ${name}\n`)
  const { status } = spawnSync(process.execPath, [new URL(`${name}.mjs`, folder).pathname, ...options], {
    stdio: 'inherit',
  })
  if (status !== 0) failed += 1
}
process.exitCode = failed === 0 ? 0 : 1
