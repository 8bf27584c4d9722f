"""TRL's PPOTrainer as a contender: a round is one batch of replies and the epochs of minibatches on it.

Policy, reference and critic are GPTs of one size, as ours are. Its reward model is a formula too: it counts token 3
in the reply. The token that pads and ends is one the model does not have, so that every reply has its full length.
"""

from types import SimpleNamespace

import torch
from trl_contender import clock, gpt2, options, serve, tokenizer


class CountThrees(torch.nn.Module):
    """A reward model as the trainer wants it: a backbone whose last hidden state `score` turns into rewards."""

    base_model_prefix = "backbone"

    def __init__(self, prompt):
        super().__init__()
        self.prompt, self.score = prompt, torch.nn.Identity()

    def backbone(self, input_ids, **_):
        threes = (input_ids == 3).float()
        threes[:, : self.prompt] = 0
        counts = threes.cumsum(1)[..., None]
        self.last = counts[:, -1].mean().item()
        return SimpleNamespace(hidden_states=[counts])


def train(name, size, weights, _):
    from datasets import Dataset
    from transformers import GPT2ForSequenceClassification, GPT2LMHeadModel, PrinterCallback, TrainerCallback
    from trl.experimental.ppo import PPOConfig, PPOTrainer

    class EndOfRound(TrainerCallback):
        def on_step_end(self, *_, **__):
            clock.step_done(reward.last)

    batch, end, reward = size["batch"], size["vocabulary"], CountThrees(size["prompt"])
    tokens = dict(bos_token_id=end, eos_token_id=end, pad_token_id=end)
    policy, reference = (gpt2(GPT2LMHeadModel, size, weights, **tokens) for _ in range(2))
    head = torch.zeros(size["width"], 1)
    prompts = [[(b + t) % size["vocabulary"] for t in range(size["prompt"])] for b in range(batch)]
    args = PPOConfig(
        **options(), adam_beta2=0.95, kl_coef=0.1, cliprange=0.2, cliprange_value=1e9, vf_coef=0.5, gamma=1.0, lam=0.95,
        num_ppo_epochs=size["epochs"], num_mini_batches=size["minibatches"], per_device_train_batch_size=batch,
        total_episodes=1_000_000 * batch, response_length=size["reply"], temperature=1.0, num_sample_generations=0,
    )  # fmt: skip
    rows = Dataset.from_list([{"input_ids": prompt} for prompt in prompts * 100])
    trainer = PPOTrainer(
        args=args, processing_class=tokenizer(end + 1, pad=end, end=end), model=policy, ref_model=reference,
        reward_model=reward, value_model=gpt2(GPT2ForSequenceClassification, size, weights, head, **tokens),
        train_dataset=rows, eval_dataset=rows, callbacks=[EndOfRound()],
    )  # fmt: skip
    trainer.remove_callback(PrinterCallback)
    trainer.train()


serve(train)
