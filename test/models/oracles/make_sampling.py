"""What transformers' temperature, top-k and top-p leave of a row of logits: see README.md."""

import json

import torch
from transformers.generation.logits_process import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

torch.manual_seed(0)
logits = 2 * torch.randn(3, 11, dtype=torch.float64)
cases = []
for temperature, top_k, top_p in [(1.0, None, None), (0.5, None, None), (2.0, 4, None), (1.0, None, 0.6),
                                  (0.7, None, 0.9), (1.3, 5, 0.8), (1.0, 1, None), (1.0, None, 0.05)]:
    scores = TemperatureLogitsWarper(temperature)(None, logits)
    if top_k is not None:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p is not None:
        scores = TopPLogitsWarper(top_p)(None, scores)
    options = dict(temperature=temperature, topK=top_k, topP=top_p)
    cases.append(dict(options={k: v for k, v in options.items() if v is not None},
                      probabilities=scores.softmax(-1).flatten().tolist()))
json.dump(dict(logits=logits.tolist(), cases=cases), open("sampling.json", "w"))
