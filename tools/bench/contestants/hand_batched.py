"""PyTorch as a careful programmer writes it: no gradient of any weight, all vectors stacked, one product with D."""

import torch
import transformers

from contestant import begin, join, load_model, read_rows, serve

# Rows projected at once: everything for a short prompt; without a limit 200 tokens would need gigabytes of logits.
CHUNK_ROWS = 512


def main() -> None:
    model = load_model(begin()).requires_grad_(False)
    inputs: dict[str, torch.Tensor] = {}
    outputs: dict[str, torch.Tensor] = {}

    def keep(key: str):
        def hook(_module, arguments, output):
            inputs[key], outputs[key] = arguments[0], output

        return hook

    for layer, block in enumerate(model.transformer.h):
        block.mlp.c_fc.register_forward_hook(keep(f"{layer}.up"))
        block.mlp.c_proj.register_forward_hook(keep(f"{layer}.down"))
    layers = range(model.config.n_layer)

    def run(ids: list[int], target: int):
        embedded = model.transformer.wte(torch.tensor([ids])).requires_grad_(True)
        hidden = model.transformer(inputs_embeds=embedded, use_cache=False).last_hidden_state
        logits = model.lm_head(hidden[0, -1])
        loss = -torch.log_softmax(logits, dim=-1)[target]
        # Delta of both matrices, as the lens also has it (norms), although only that of mlp.down is projected.
        wanted = [outputs[f"{layer}.{matrix}"] for layer in layers for matrix in ("up", "down")]
        vjps = torch.autograd.grad(loss, wanted)
        rows = [value for layer in layers for value in (inputs[f"{layer}.up"][0], vjps[2 * layer + 1][0])]
        with torch.no_grad():
            answer = int(logits.argmax())
            stacked = model.transformer.ln_f(torch.cat(rows))
            chunks = stacked.split(CHUNK_ROWS)
            return join([read_rows(model.lm_head(chunk), target, answer) for chunk in chunks])

    serve("hand-batched", {"transformers": transformers.__version__}, run)


main()
