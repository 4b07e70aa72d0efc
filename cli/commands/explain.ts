import { type Code, catalogue } from '../../pipeline/validate/index.ts'
import { UserError } from '../../schemas/problem.ts'
import { defineCommand } from '../command.ts'
import { renderTable } from '../render/table.ts'

/** `foldwise explain`: a code of the judge, or all of them. */
export const explain = defineCommand({
  positionals: [{ words: '[code]', help: 'code such as FW2007; without it all codes are listed' }],
  flags: {},
  examples: ['foldwise explain FW2007', 'foldwise explain'],
  run: async ([word]) => {
    if (word === undefined) {
      const entries = Object.entries(catalogue)
        .map(([code, { title, severity }]) => ({ code, severity, title }))
        .sort((a, b) => (a.code < b.code ? -1 : 1))
      return {
        data: { codes: entries },
        text: () =>
          renderTable(
            [{ title: 'code' }, { title: 'severity' }, { title: 'title' }],
            entries.map(({ code, severity, title }) => [code, severity, title]),
          ).join('\n'),
      }
    }
    const code = word.toUpperCase()
    if (!isCode(code)) {
      throw new UserError(`There is no code "${word}" — a code is FW and four digits — "foldwise explain" lists all.`, {
        exitCode: 2,
      })
    }
    const { title, severity, repair, source } = catalogue[code]
    return {
      data: { code, severity, title, repair, source },
      text: colors =>
        [`${colors.bold(code)}  ${severity}  ${title}`, '', repair, '', colors.dim(`Source: ${source}`)].join('\n'),
    }
  },
})

const isCode = (word: string): word is Code => Object.hasOwn(catalogue, word)
