"""PyTorch as the paper's notebook uses it: module hooks, loss.backward(), then one softmax and one decode per row."""

import torch
import transformers

from contestant import TOP_K, Readings, begin, load_model, serve


class Collector:
    """Input of each MLP matrix from forward hooks, gradient of its output from full backward hooks."""

    def __init__(self, model) -> None:
        self.inputs: dict[str, torch.Tensor] = {}
        self.vjps: dict[str, torch.Tensor] = {}
        for layer, block in enumerate(model.transformer.h):
            for matrix, module in (("up", block.mlp.c_fc), ("down", block.mlp.c_proj)):
                module.register_forward_hook(self.keep_input(f"{layer}.{matrix}"))
                module.register_full_backward_hook(self.keep_vjp(f"{layer}.{matrix}"))

    def keep_input(self, key: str):
        def hook(_module, arguments, _output):
            self.inputs[key] = arguments[0].detach()

        return hook

    def keep_vjp(self, key: str):
        def hook(_module, _input_gradients, output_gradients):
            self.vjps[key] = output_gradients[0].detach()

        return hook


def main() -> None:
    model = load_model(begin())
    # As the notebook does: only MLP matrices are trained, so that the backward pass reaches every block.
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("mlp" in name and "weight" in name)
    collector = Collector(model)
    # The random model has no tokenizer; a table of strings stands for decoding and costs less.
    words = [f"token {index}" for index in range(model.config.vocab_size)]

    @torch.no_grad()
    def read_row(row: torch.Tensor, target: int, answer: int):
        probabilities = torch.softmax(model.lm_head(model.transformer.ln_f(row)), dim=-1)
        top = probabilities.topk(TOP_K)
        bottom = probabilities.topk(TOP_K, largest=False).indices
        texts = [words[index] for index in top.indices.tolist() + bottom.tolist()]
        ranks = [int((probabilities > probabilities[token]).sum()) for token in (target, answer)]
        return top.indices, bottom, top.values, *ranks, texts

    def run(ids: list[int], target: int) -> Readings:
        model.zero_grad(set_to_none=True)
        logits = model(torch.tensor([ids]), use_cache=False).logits[0, -1]
        (-torch.log_softmax(logits, dim=-1)[target]).backward()
        answer = int(logits.argmax())
        rows = []
        for layer in range(model.config.n_layer):
            for row in collector.inputs[f"{layer}.up"][0]:
                rows.append(read_row(row, target, answer))
            for row in collector.vjps[f"{layer}.down"][0]:
                rows.append(read_row(row, target, answer))
        top, bottom, probability, target_rank, answer_rank, _texts = zip(*rows)
        return Readings(
            torch.stack(top),
            torch.stack(bottom),
            torch.stack(probability),
            torch.tensor(target_rank),
            torch.tensor(answer_rank),
        )

    serve("hooks, row by row", {"transformers": transformers.__version__}, run)


main()
