import type { Engine } from '../engine/engine.ts'
import type { Tag } from '../engine/tag-book.ts'
import { page, type PageRequest } from './page.ts'

type ArnInput = { readonly ResourceArn: string }

/** Operations on tags. */
export function tagOperations({ tags }: Engine) {
  return {
    AddTags: async (input: ArnInput & { Tags: readonly Tag[] }): Promise<object> => {
      await tags.add(input.ResourceArn, input.Tags)
      return { Tags: tags.of(input.ResourceArn) }
    },
    DeleteTags: async (input: ArnInput & { TagKeys: readonly string[] }): Promise<object> => {
      await tags.remove(input.ResourceArn, input.TagKeys)
      return {}
    },
    ListTags: async (input: ArnInput & PageRequest): Promise<object> => {
      const { items, ...rest } = page(tags.of(input.ResourceArn), input, tag => tag.Key)
      return { Tags: items, ...rest }
    },
  }
}
