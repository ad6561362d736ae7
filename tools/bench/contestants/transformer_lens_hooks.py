"""TransformerLens: its hooks for x and delta, its final norm and unembedding, in chunks as its own logit lens reads."""

from importlib.metadata import version

import torch
from transformer_lens.model_bridge import TransformerBridge

from contestant import begin, join, load_model, read_rows, serve

# The chunk of transformer_lens.tools.analysis.logit_readout, which reads one end of the vocabulary only.
CHUNK_ROWS = 64


def main() -> None:
    directory = begin()
    model = TransformerBridge.boot_transformers(directory, hf_model=load_model(directory), dtype=torch.float32)
    model.eval().requires_grad_(False)
    kept: dict[str, torch.Tensor] = {}

    def keep(tensor, hook):
        kept[hook.name] = tensor.detach()

    layers = range(model.cfg.n_layers)
    forward = [(f"blocks.{layer}.mlp.hook_in", keep) for layer in layers]
    backward = [(f"blocks.{layer}.mlp.hook_out", keep) for layer in layers]

    def start_gradient(tensor, hook):
        return tensor.detach().requires_grad_(True)

    def run(ids: list[int], target: int):
        kept.clear()
        with model.hooks(fwd_hooks=[("embed.hook_out", start_gradient), *forward], bwd_hooks=backward):
            logits = model(torch.tensor([ids]), return_type="logits")[0, -1]
            (-torch.log_softmax(logits, dim=-1)[target]).backward()
        names = [name for layer in layers for name in (forward[layer][0], backward[layer][0])]
        with torch.no_grad():
            answer = int(logits.argmax())
            chunks = torch.cat([kept[name].reshape(len(ids), -1) for name in names]).split(CHUNK_ROWS)
            return join([read_rows(model.unembed(model.ln_final(chunk)), target, answer) for chunk in chunks])

    serve("TransformerLens", {"transformer-lens": version("transformer-lens")}, run)


main()
