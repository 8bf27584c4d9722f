"""A small byte-level BPE trained and applied by Hugging Face's tokenizers: see README.md."""

import json

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

text = """Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my purse,
and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of
the world. It is a way I have of driving off the spleen, and regulating the circulation."""
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator([text], trainers.BpeTrainer(
    vocab_size=320, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
tokenizer.save("bpe-tokenizer.json", pretty=False)
samples = ["the watery part of the world", "Call me Ishmael.", "never seen: Größe, 鯨, 🐳 and\ttabs\n", "", "  two  spaces "]
json.dump([dict(text=s, tokens=tokenizer.encode(s).ids) for s in samples], open("bpe.json", "w"))
