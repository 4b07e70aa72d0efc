/** `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/name:tag@sha256:…` gives `team/name`. */
export function repositoryOf(image: string): string {
  const plain = image.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, '')
  const slash = plain.indexOf('/')
  const host = slash < 0 ? '' : plain.slice(0, slash)
  return /[.:]/.test(host) || host === 'localhost' ? plain.slice(slash + 1) : plain
}
