// Runs programs and measures what each used: `seconds` by the clock, `cpu` seconds of processor time of user and system.
import { spawnSync } from 'node:child_process'

/**
 * Runs commands one after the other as whole processes. The shell's `time` counts the processor time of all of them.
 *
 * @param {readonly (readonly string[])[]} commands
 */
export function run(commands, env = process.env) {
  const script = commands.map(words => words.map(quote).join(' ')).join(' && ')
  const start = process.hrtime.bigint()
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='used %U %S'; time { ${script}; }`], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const used = /used ([\d.]+) ([\d.]+)\s*$/.exec(stderr)
  if (status !== 0 || used === null) throw new Error(`${script} ended with ${status}: ${stderr}`)
  return { seconds, cpu: Number(used[1]) + Number(used[2]), stdout }
}

function quote(word) {
  return `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * Runs every contender once per round, in turn, so that all of them meet the same machine, and gives the medians.
 *
 * @param {Readonly<Record<string, () => { seconds: number, cpu: number }>>} contenders each cleans up after itself
 */
export function interleave(contenders, rounds) {
  const all = Object.fromEntries(Object.keys(contenders).map(name => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const [name, contender] of Object.entries(contenders)) all[name].push(contender())
  return Object.fromEntries(
    Object.entries(all).map(([name, runs]) => [
      name,
      { seconds: median(runs.map(({ seconds }) => seconds)), cpu: median(runs.map(({ cpu }) => cpu)) },
    ]),
  )
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
