import { resolve } from 'node:path';
import type { Answer } from '#cli/answer.ts';
import { openReader, type StoreReader } from '#platform/embedded/reader.ts';

export interface StoreOptions {
  readonly data: string;
}

/** Answers from the store of a hub, whether the hub runs or not. */
export async function fromStore(
  { data }: StoreOptions,
  answer: (store: StoreReader) => Promise<Answer>,
): Promise<Answer> {
  const store = openReader(resolve(data));
  try {
    return await answer(store);
  } finally {
    store.close();
  }
}
