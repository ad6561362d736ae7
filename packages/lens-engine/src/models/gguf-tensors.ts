// Tensors of a GGUF file -> the names, row order and orientation they have in Hugging Face layout.
import type { GgufTensor } from '../weights/gguf-header.js'
import type { GgufFile } from '../weights/open-gguf.js'
import type { TensorToWrite } from '../weights/safetensors-writer.js'
import { ggufUnsupported } from './gguf-settings.js'

interface Naming {
  /** Names outside the blocks. */
  readonly outer: Readonly<Record<string, string>>
  /** Prefix of a block and the names in it. */
  readonly block: string
  readonly inner: Readonly<Record<string, string>>
  /** Matrices that the converter transposed. */
  readonly transposed: boolean
}

const llamaNaming: Naming = {
  outer: { token_embd: 'model.embed_tokens', output_norm: 'model.norm', output: 'lm_head' },
  block: 'model.layers',
  inner: {
    attn_norm: 'input_layernorm',
    ffn_norm: 'post_attention_layernorm',
    attn_q: 'self_attn.q_proj',
    attn_k: 'self_attn.k_proj',
    attn_v: 'self_attn.v_proj',
    attn_output: 'self_attn.o_proj',
    attn_q_norm: 'self_attn.q_norm',
    attn_k_norm: 'self_attn.k_norm',
    ffn_gate: 'mlp.gate_proj',
    ffn_up: 'mlp.up_proj',
    ffn_down: 'mlp.down_proj',
  },
  transposed: false,
}

const gpt2Naming: Naming = {
  outer: { token_embd: 'wte', position_embd: 'wpe', output_norm: 'ln_f', output: 'lm_head' },
  block: 'h',
  inner: {
    attn_norm: 'ln_1',
    ffn_norm: 'ln_2',
    attn_qkv: 'attn.c_attn',
    attn_output: 'attn.c_proj',
    ffn_up: 'mlp.c_fc',
    ffn_down: 'mlp.c_proj',
  },
  transposed: true,
}

/** Tensors that say nothing beyond the configuration. */
const skipped = new Set(['rope_freqs.weight'])

/** What the row order of q and k depends on. */
export interface HeadCounts {
  readonly heads: number
  readonly keyValueHeads: number
}

/** Tensors to write, read and dequantised when their turn comes; `source` is the name in the file. @throws MODEL_UNSUPPORTED naming an unknown tensor */
export function planTensors(
  file: GgufFile,
  architecture: string,
  counts: HeadCounts,
): readonly (TensorToWrite & { readonly source: string })[] {
  const naming = architecture === 'gpt2' ? gpt2Naming : llamaNaming
  return file.tensors
    .filter(({ name }) => !skipped.has(name))
    .map((tensor) => {
      const name = translate(tensor.name, naming)
      const flip = naming.transposed && tensor.shape.length === 2 && name.includes('.c_')
      const heads = architecture === 'llama' ? permutedHeads(tensor.name, counts) : null
      if (heads !== null && tensor.shape[0]! % (2 * heads) !== 0)
        throw ggufUnsupported(`rows of ${tensor.name}`, tensor.shape[0])
      return {
        name,
        source: tensor.name,
        shape: flip ? [...tensor.shape].reverse() : tensor.shape,
        data: () => arrange(file.read(tensor), tensor, flip, heads),
      }
    })
}

function translate(name: string, naming: Naming): string {
  const [, layer, part, kind] = /^(?:blk\.(\d{1,4})\.)?([a-z_]+)\.(weight|bias)$/.exec(name) ?? []
  const table = layer === undefined ? naming.outer : naming.inner
  if (part === undefined || !Object.hasOwn(table, part)) throw ggufUnsupported('the tensor', name)
  const stem = layer === undefined ? table[part]! : `${naming.block}.${layer}.${table[part]!}`
  return `${stem}.${kind!}`
}

function permutedHeads(name: string, { heads, keyValueHeads }: HeadCounts): number | null {
  if (/\.attn_q\.(weight|bias)$/.test(name)) return heads
  return /\.attn_k\.(weight|bias)$/.test(name) ? keyValueHeads : null
}

function arrange(
  values: Float32Array,
  { shape }: GgufTensor,
  flip: boolean,
  heads: number | null,
): Float32Array {
  if (flip) return transpose(values, shape[0]!, shape[1]!)
  return heads === null ? values : restoreRows(values, shape[0]!, heads)
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!
  return result
}

/** Converters interleave the two halves of each head's rows for another rotary layout; this puts the halves back. */
export function restoreRows(values: Float32Array, rows: number, heads: number): Float32Array {
  const columns = values.length / rows
  const half = rows / heads / 2
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / (2 * half))
    const within = row % (2 * half)
    const from = (head * half + (within % half)) * 2 + Math.floor(within / half)
    result.set(values.subarray(from * columns, (from + 1) * columns), row * columns)
  }
  return result
}
