"""TRL's GRPOTrainer as a contender: a round is one batch of replies and the epochs of minibatches on it.

It has no critic; the reference is asked once a batch. Groups of 8 replies share a prompt. The token that ends a
reply is one the model does not have, so that every reply has its full length.
"""

import tempfile

from trl_contender import clock, gpt2, options, serve, tokenizer


def train(name, size, weights, _):
    from datasets import Dataset
    from transformers import GPT2LMHeadModel, TrainerCallback
    from trl import GRPOConfig, GRPOTrainer

    class EndOfRound(TrainerCallback):
        def on_step_end(self, args, state, *_, **__):
            if state.global_step % (size["epochs"] * minibatches) == 0:
                clock.step_done(scores[-1])

    def count_threes(completion_ids, **_):
        assert all(len(reply) == size["reply"] for reply in completion_ids)
        counts = [float(reply.count(3)) for reply in completion_ids]
        scores[:] = [sum(counts) / len(counts)]
        return counts

    scores, batch, minibatches, end = [], size["batch"], size["minibatches"], size["vocabulary"]
    folder = tempfile.mkdtemp()  # the trainer reads its reference from where the policy came from
    gpt2(GPT2LMHeadModel, size, weights, bos_token_id=end, eos_token_id=end, pad_token_id=end).save_pretrained(folder)
    prompts = [" ".join(f"t{(b + t) % size['vocabulary']}" for t in range(size["prompt"])) for b in range(batch)]
    args = GRPOConfig(
        **options(), adam_beta2=0.95, beta=0.1, epsilon=0.2, num_iterations=size["epochs"], num_generations=8,
        per_device_train_batch_size=batch // minibatches, steps_per_generation=minibatches,
        max_completion_length=size["reply"], temperature=1.0,
    )  # fmt: skip
    GRPOTrainer(
        model=GPT2LMHeadModel.from_pretrained(folder), reward_funcs=count_threes, args=args,
        train_dataset=Dataset.from_list([{"prompt": prompt} for prompt in prompts * 100]),
        processing_class=tokenizer(end + 1, pad=end, end=end), callbacks=[EndOfRound()],
    ).train()  # fmt: skip


serve(train)
