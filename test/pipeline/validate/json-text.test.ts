import fc from 'fast-check'
import { expect, it } from 'vitest'
import { locateSyntaxError } from '../../../pipeline/validate/json-text.ts'

function locate(text: string): string {
  try {
    JSON.parse(text)
  } catch (error) {
    return locateSyntaxError(text, error as SyntaxError)
  }
  throw new Error('this text is JSON')
}

it.each([
  ['{"Version": 1,\n "Steps": [,]}', 'line 2, column 12, "," cannot stand there'],
  ['{"a": 1,}', 'line 1, column 9, "}" cannot stand there'],
  ["{'a': 1}", 'line 1, column 2, "\'" cannot stand there'],
  ['{"a": 1 // no\n}', 'line 1, column 9, "/" cannot stand there'],
  ['nonsense', 'line 1, column 2, "o" cannot stand there'],
  ['{"Steps": [', 'the text ends there'],
  ['{"a": "b', 'the text ends there'],
  ['', 'the text is empty'],
])('%j breaks at %s', (text, place) => {
  expect(locate(text)).toContain(place)
})

it('finds a comma too many anywhere in a list, however often the text around it occurs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 59 }), (count, where) => {
      const at = where % count
      const items = Array.from({ length: count }, (_, index) => (index === at ? ',1' : '1'))
      const text = `[${items.join(',')}]`
      expect(locate(text)).toContain(`column ${1 + at * 2 + 1},`)
    }),
  )
})
