"""Makes preference-losses.json: the losses of DPO's family as TRL 0.24.0 computes them, with their gradients.

    pip install trl==0.24.0 transformers==4.57.1 torch
    python test/algorithms/oracles/make_preference_losses.py

TRL's trainers are not built (they want models and data sets); their loss methods are called on a stand-in
that holds the few settings which these methods read. 0.24.0 is the last series in which each loss is a method
of its own. IPO's input is what TRL feeds it: the log-probabilities that our function is given. The released
label smoothing of "sigmoid" is conservative DPO.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import torch
import trl
from trl import CPOTrainer, DPOTrainer, KTOTrainer, ORPOTrainer

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
B = 6
accelerator = SimpleNamespace(device=torch.device("cpu"), gather_for_metrics=lambda x: x)


def draw(mean, spread):
    return (mean + spread * torch.randn(B)).clamp(max=-0.2)


inputs = {
    "policyChosen": draw(-8, 4),
    "policyRejected": draw(-10, 4),
    "referenceChosen": draw(-9, 4),
    "referenceRejected": draw(-9, 4),
    "policyMismatched": draw(-7, 1),
    "referenceMismatched": draw(-9, 1),
    "chosenLength": torch.randint(1, 9, (B,)).double(),
    "rejectedLength": torch.randint(1, 9, (B,)).double(),
}


def measured(loss):
    """A loss's value, and its gradient by the two vectors of the policy."""
    chosen = inputs["policyChosen"].clone().requires_grad_()
    rejected = inputs["policyRejected"].clone().requires_grad_()
    value = loss(chosen, rejected)
    value.backward()
    return {
        "loss": value.item(),
        "byChosen": chosen.grad.tolist(),
        "byRejected": rejected.grad.tolist(),
    }


def dpo(loss_type, beta, smoothing=0.0):
    trainer = SimpleNamespace(
        accelerator=accelerator,
        reference_free=False,
        f_divergence_type="reverse_kl",
        beta=beta,
        label_smoothing=smoothing,
    )
    return measured(
        lambda chosen, rejected: DPOTrainer.dpo_loss(
            trainer,
            chosen,
            rejected,
            inputs["referenceChosen"],
            inputs["referenceRejected"],
            loss_type,
        )[0].mean()
    )


def kto(beta, desirable, undesirable):
    trainer = SimpleNamespace(
        accelerator=accelerator,
        loss_type="kto",
        calculate_KL=True,
        beta=beta,
        desirable_weight=desirable,
        undesirable_weight=undesirable,
    )
    return measured(
        lambda chosen, rejected: KTOTrainer.kto_loss(
            trainer,
            chosen,
            rejected,
            inputs["policyMismatched"],
            inputs["referenceChosen"],
            inputs["referenceRejected"],
            inputs["referenceMismatched"],
        )[0].mean()
    )


def simpo(beta, gamma):
    trainer = SimpleNamespace(
        accelerator=accelerator,
        loss_type="simpo",
        beta=beta,
        simpo_gamma=gamma,
        label_smoothing=0.0,
        alpha=0.0,
    )
    return measured(
        lambda chosen, rejected: CPOTrainer.cpo_loss(
            trainer, chosen / inputs["chosenLength"], rejected / inputs["rejectedLength"]
        )[0].mean()
    )


def orpo(weight):
    trainer = SimpleNamespace(accelerator=accelerator, beta=weight)

    def loss(chosen, rejected):
        chosen, rejected = chosen / inputs["chosenLength"], rejected / inputs["rejectedLength"]
        # as in get_batch_loss_metrics: the imitation loss minus this mean
        return -chosen.mean() - ORPOTrainer.odds_ratio_loss(trainer, chosen, rejected)[0].mean()

    return measured(loss)


cases = {
    "dpo": dpo("sigmoid", 0.3),
    "cdpo": dpo("sigmoid", 0.3, 0.2),
    "robustDpo": dpo("robust", 0.3, 0.2),
    "ipo": dpo("ipo", 0.1),
    "hinge": dpo("hinge", 0.3),
    "kto": kto(0.3, 1.0, 1.5),
    "simpo": simpo(2.0, 0.5),
    "orpo": orpo(5.0),
}
made_by = f"trl {trl.__version__}, torch {torch.__version__.split('+')[0]}, double precision"
values = {name: tensor.tolist() for name, tensor in inputs.items()}
file = Path(__file__).with_name("preference-losses.json")
file.write_text(json.dumps({"madeBy": made_by, "inputs": values, "cases": cases}, indent=1) + "\n")
print({name: case["loss"] for name, case in cases.items()})
