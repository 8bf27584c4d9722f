"""A tiny random GPT-2 of Hugging Face's transformers, its logits, gradients and greedy replies: see README.md."""

import json
import shutil
import tempfile

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

torch.manual_seed(0)
config = GPT2Config(vocab_size=19, n_positions=12, n_embd=16, n_layer=2, n_head=2, initializer_range=0.3,
                    resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0,
                    attn_implementation="eager")
model = GPT2LMHeadModel(config).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        if name.endswith("bias") or ".ln_" in name:
            parameter.add_(0.2 * torch.randn_like(parameter))
with tempfile.TemporaryDirectory() as folder:  # the file as transformers writes it
    model.save_pretrained(folder)
    shutil.copyfile(f"{folder}/model.safetensors", "gpt2.safetensors")

model = model.double()
tokens = torch.randint(0, 19, (2, 7))
out = model(tokens, labels=tokens)
out.loss.backward()
gradients = {n.removeprefix("transformer."): p.grad.float().contiguous() for n, p in model.named_parameters()}
save_file(gradients, "gpt2-gradients.safetensors")

# the second row is padded on the left by three: a mask, and positions that start at its first token
mask = torch.tensor([[1] * 7, [0] * 3 + [1] * 4])
positions = (mask.cumsum(1) - 1).clamp(min=0)
with torch.no_grad():
    padded = model(tokens, attention_mask=mask, position_ids=positions)
    greedy = model.generate(tokens[:, :3], attention_mask=torch.ones(2, 3, dtype=torch.long), max_new_tokens=9,
                            min_new_tokens=9, do_sample=False, suppress_tokens=None, eos_token_id=None, pad_token_id=0)
json.dump(dict(
    config=dict(vocabulary=19, context=12, width=16, layers=2, heads=2),
    parameters=sum(p.numel() for p in model.parameters()),
    tokens=tokens.tolist(), logits=out.logits.flatten().tolist(), loss=out.loss.item(),
    mask=mask.tolist(), positions=positions.tolist(), paddedLogits=padded.logits.flatten().tolist(),
    greedy=greedy.tolist(),
), open("gpt2.json", "w"))
