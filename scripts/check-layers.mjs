// Refuses an import that does not go down: node scripts/check-layers.mjs
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** @typedef {{ level: number, folder: string }} Layer */

/** @type {Layer[]} */
const layers = JSON.parse(readFileSync('scripts/layers.json', 'utf8'))
const byDepth = layers.toSorted((a, b) => b.folder.length - a.folder.length)

/** The layer of a file: that of the deepest folder in the table. @param {string} file */
const layerOf = file => byDepth.find(({ folder }) => file.startsWith(`${folder}/`))

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => layerOf(file) !== undefined)

const doors = { foldwise: 'pipeline/index.ts' }
const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?from\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

const problems = []
for (const file of files) {
  const from = layerOf(file)
  for (const [, stat, dynamic, bare] of readFileSync(file, 'utf8').matchAll(importPattern)) {
    const specifier = stat ?? dynamic ?? bare
    const target = specifier.startsWith('.')
      ? normalize(join(dirname(file), specifier))
      : specifier.split('/')[0] === 'foldwise'
        ? (doors[specifier] ?? `pipeline/${specifier.slice('foldwise/'.length)}/index.ts`)
        : undefined
    if (target === undefined) continue
    if (from.folder === 'examples' && specifier.startsWith('.') && !target.startsWith('examples/')) {
      problems.push(`${file} imports ${specifier}: an example imports the public API ("foldwise") only`)
      continue
    }
    const to = layerOf(target)
    if (to === undefined) {
      problems.push(`${file} imports ${specifier}, which is in no layer of scripts/layers.json`)
    } else if (to.folder !== from.folder && to.level >= from.level) {
      problems.push(`${file} (level ${from.level}) imports ${target} (level ${to.level}): an import goes down`)
    }
  }
}

for (const problem of problems) console.error(problem)
console.error(`layers: ${files.length} files, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
