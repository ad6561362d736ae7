// The columns of the table of neurons: what each says, and what it is ordered by.
import type { NeuronOrder } from '../../../graphql/generated/graphql'

export interface NeuronColumn {
  readonly name: string
  readonly label: string
  readonly meaning: string
  readonly order: NeuronOrder | null
  readonly numeric: boolean
}

const column = (
  name: string,
  label: string,
  meaning: string,
  order: NeuronOrder | null = null,
  numeric = true,
): NeuronColumn => ({ name, label, meaning, order, numeric })

export const COLUMNS: readonly NeuronColumn[] = [
  column('index', 'Index', 'Column of mlp.up, row of mlp.down', 'INDEX'),
  column('key', 'Lit by', 'First word of its key: what lights it', null, false),
  column('value', 'Writes', 'First word of its value: what it writes when it is lit', null, false),
  column('keyNorm', '‖key‖', 'Length of its key', 'KEY_NORM'),
  column('valueNorm', '‖value‖', 'Length of its value', 'VALUE_NORM'),
  column('max', 'Max', 'Largest activation over the stored runs', 'ACTIVATION'),
  column('mean', 'Mean', 'Mean activation over the stored runs'),
  column(
    'coefficient',
    'Gradient',
    'Largest entry of the gradient at this neuron over the stored runs',
    'COEFFICIENT',
  ),
  column('spark', 'Activations', 'How often it is how far from rest', null, false),
  column('edits', 'Edits', 'How strongly computed edits write to it', 'EDIT_NORM'),
  column('notes', 'Notes', 'How many annotations it has', 'ANNOTATIONS'),
  column('label', 'Label', 'Its accepted label', null, false),
]
