// Everything that must hold before a change lands, all of it reported: npm run check
import { spawnSync } from 'node:child_process'

const checks = [
  ['types', 'tsc', ['--noEmit']],
  ['layers', 'node', ['scripts/check-layers.mjs']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'biome', ['format']],
  ['unused code', 'knip', []],
  ['generated files', 'node', ['scripts/generate.mjs', '--check']],
  ['build', 'node', ['scripts/build.mjs']],
  ['tests', 'vitest', ['run']],
]

const only = process.argv.slice(2)
const failed = []
for (const [name, command, args] of checks) {
  if (only.length > 0 && !only.includes(name)) continue
  const started = performance.now()
  console.log(`\n— ${name}: ${command} ${args.join(' ')}`)
  // npm puts node_modules/.bin first on PATH, so the tools are this project's own.
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) failed.push(name)
  console.log(`— ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
