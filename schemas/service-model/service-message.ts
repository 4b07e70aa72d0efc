import type { ShapeFinding } from './check-shape.ts'

/**
 * Findings in the words of AWS's own request validation, for an API that answers like the service:
 * `1 validation error detected: Value 'x' at 'trainingJobName' failed to satisfy constraint: Member must …`.
 */
export function serviceMessage(findings: readonly ShapeFinding[]): string {
  const parts = findings.map(finding => `${value(finding)} at '${place(finding)}' failed to satisfy constraint: ${constraint(finding)}`)
  return `${parts.length} validation error${parts.length === 1 ? '' : 's'} detected: ${parts.join('; ')}`
}

/** The service spells places in lower camel case, list indexes as `.1.member`. */
function place(finding: ShapeFinding): string {
  const path = finding.kind === 'missing' ? `${finding.path}.${finding.member}` : finding.path
  return path
    .replace(/^\./, '')
    .replace(/\[(\d+)\]/g, (_, index: string) => `.${Number(index) + 1}.member`)
    .replace(/(^|\.)([A-Z])/g, (_, dot: string, letter: string) => `${dot}${letter.toLowerCase()}`)
}

function value(finding: ShapeFinding): string {
  if (finding.kind === 'missing') return 'Value null'
  const shown = typeof finding.value === 'string' ? finding.value : JSON.stringify(finding.value)
  return `Value '${(shown ?? 'null').slice(0, 256)}'`
}

function constraint(finding: ShapeFinding): string {
  switch (finding.kind) {
    case 'missing':
      return 'Member must not be null'
    case 'enum':
      return `Member must satisfy enum value set: [${finding.allowed.join(', ')}]`
    case 'pattern':
      return `Member must satisfy regular expression pattern: ${finding.pattern}`
    case 'size': {
      const tooSmall = finding.size < finding.min
      const [than, bound] = tooSmall ? ['greater than or equal to', finding.min] : ['less than or equal to', finding.max]
      if (finding.measure === 'value') return `Member must have value ${than} ${bound}`
      return `Member must have length ${than} ${bound}`
    }
    case 'type':
    case 'expression':
      return `Member must be ${finding.expected}`
    case 'unknown':
      return `Unknown member ${finding.member}`
    case 'unknown-more':
      return `${finding.count} more unknown members`
    case 'union':
      return `Member must set exactly one of: [${finding.members.join(', ')}]`
    case 'depth':
      return 'Member is nested too deeply'
    default:
      return finding satisfies never
  }
}
