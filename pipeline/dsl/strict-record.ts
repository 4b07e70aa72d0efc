import { didYouMeanOrList } from '../../schemas/nearest.ts'
import { mistake } from './mistake.ts'

/**
 * A record that fails for a name it does not have, where plain JavaScript gives `undefined`, which would vanish
 * silently from the definition.
 *
 * @param missing Says what is wrong with the name, without a final suggestion.
 */
export function strictRecord<T extends object>(record: T, missing: (name: string) => string): T {
  return new Proxy(Object.freeze(record), {
    get(target, key) {
      // `await` looks for `then`, and JSON.stringify for `toJSON`.
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON' || Object.hasOwn(target, key)) {
        return Reflect.get(target, key) as unknown
      }
      throw mistake(`${missing(key)}${didYouMeanOrList(key, Object.keys(target))}`)
    },
  })
}
