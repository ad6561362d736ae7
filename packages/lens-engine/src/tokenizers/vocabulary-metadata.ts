// The form in which a file's metadata reaches the tokenizers: plain values by key, whatever file they came from.

export type MetadataValue =
  number | bigint | boolean | string | readonly string[] | ArrayLike<number> | ArrayLike<bigint>

export type VocabularyMetadata = ReadonlyMap<string, MetadataValue>
