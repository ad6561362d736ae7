// Which texts may share a batch: all of them, but where the rotary embedding depends on the whole text's length.
import type { ModelShape } from '../architectures/architecture.js'

/** Texts of equal groups may be padded to one length; beyond `sameLengthBeyond` a group is one length. */
export function lengthGroup({ sameLengthBeyond }: ModelShape, length: number): number {
  return sameLengthBeyond !== undefined && length > sameLengthBeyond ? length : 0
}
