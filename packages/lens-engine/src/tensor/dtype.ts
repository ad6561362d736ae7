// The one table of element types: every type a safetensors file may name, its width, and whether a parameter may have it.

interface DtypeRow {
  /** Bits of one element; below 8 for packed types. */
  readonly bits: number
  /** Whether the engine reads parameters of this type. */
  readonly parameter: boolean
}

const row = (bits: number, parameter = false): DtypeRow => ({ bits, parameter })

/** Every element type of the safetensors format, by the name used in its header. */
export const dtypes = {
  BOOL: row(8),
  F4: row(4),
  F6_E2M3: row(6),
  F6_E3M2: row(6),
  F8_E4M3: row(8),
  F8_E5M2: row(8),
  F8_E8M0: row(8),
  F8_E4M3FNUZ: row(8),
  F8_E5M2FNUZ: row(8),
  U8: row(8),
  I8: row(8),
  U16: row(16),
  I16: row(16),
  F16: row(16, true),
  BF16: row(16, true),
  U32: row(32),
  I32: row(32),
  F32: row(32, true),
  U64: row(64),
  I64: row(64),
  F64: row(64),
  C64: row(64),
} as const satisfies Record<string, DtypeRow>

export type Dtype = keyof typeof dtypes

/** Element types the engine accepts for parameters. */
export type ParameterDtype = 'F32' | 'F16' | 'BF16'

/** Whether `name` is an element type of the safetensors format. Own keys only, so `toString` is not one. */
export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(dtypes, name)
}

/** Whether the engine reads parameters of this type. */
export function isParameterDtype(dtype: Dtype): dtype is ParameterDtype {
  return dtypes[dtype].parameter
}
