import { describe, expect, it } from 'vitest'
import { boolean, failStep, float, integer, pipeline, string, type Parameters } from 'foldwise'
import { messageOf } from './message-of.ts'

const declare = (parameters: Parameters) =>
  pipeline('P', { parameters }, () => failStep('Stop', { message: 'x' })).document.Parameters

describe('parameters', () => {
  it('are emitted in the order they are declared, defaults and enums included', () => {
    expect(
      declare({
        Name: string(),
        Mode: string('fast', { oneOf: ['fast', 'slow'] }),
        Any: string(undefined, { oneOf: ['a'] }),
        Count: integer(3),
        Rate: float(0.5),
        Deep: boolean(false),
      }),
    ).toEqual([
      { Name: 'Name', Type: 'String' },
      { Name: 'Mode', Type: 'String', DefaultValue: 'fast', EnumValues: ['fast', 'slow'] },
      { Name: 'Any', Type: 'String', EnumValues: ['a'] },
      { Name: 'Count', Type: 'Integer', DefaultValue: 3 },
      { Name: 'Rate', Type: 'Float', DefaultValue: 0.5 },
      { Name: 'Deep', Type: 'Boolean', DefaultValue: false },
    ])
  })

  it.each([
    [
      'a number for a String',
      () => string(5 as never),
      'string(5) — the default 5 has the wrong type; it must be a string, such as "ml.m5.large".',
    ],
    [
      'a default outside the enum',
      () => string('fasst' as never, { oneOf: ['fast', 'slow'] }),
      'string("fasst") — the default is not one of "fast", "slow". Did you mean "fast"?',
    ],
    [
      'an empty enum',
      () => string('a', { oneOf: [] as never }),
      'string("a") — oneOf is empty; name at least one value or leave oneOf out.',
    ],
    [
      'a fraction for an Integer',
      () => integer(1.5),
      'integer(1.5) — the default 1.5 has the wrong type; it must be a whole number, such as 5.',
    ],
    ['an unsafe Integer', () => integer(2 ** 60), 'it must be a whole number'],
    ['a string for an Integer', () => integer('5' as never), 'integer("5") — the default "5" has the wrong type'],
    [
      'NaN for a Float',
      () => float(Number.NaN),
      'float(NaN) — the default NaN has the wrong type; it must be a number, such as 0.98.',
    ],
    [
      'a string for a Boolean',
      () => boolean('true' as never),
      'boolean("true") — the default "true" has the wrong type; it must be true or false.',
    ],
    [
      'a reference as default',
      () =>
        pipeline('P', { parameters: { A: string('x') } }, p => (string(p.A as never), failStep('S', { message: 'm' }))),
      'the default an object has the wrong type',
    ],
  ])('refuse %s', (_what, act, sentence) => {
    expect(messageOf(act)).toContain(sentence)
  })

  it.each(['', 'a b', 'ä', 'x'.repeat(65)])('refuse the name %j', name => {
    expect(messageOf(() => declare({ [name]: string('a') }))).toBe(
      `Pipeline "P": parameter "${name}" — a name has 1 to 64 letters, digits, "-" and "_"; rename it.`,
    )
  })

  it('refuse a reference to one that is not declared, which would vanish silently', () => {
    const act = () =>
      pipeline('P', { parameters: { Baseline: float(1) } }, p => failStep('S', { message: (p as never)['Basline'] }))
    expect(messageOf(act)).toBe('Pipeline "P": parameter "Basline" is not declared. Did you mean "Baseline"?')
  })
})
