"""Low-rank changes to a model's linear layers that learn (LoRA: Hu et al. 2021, arXiv 2106.09685)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

RANK = 16


class LowRank(nn.Module):
    """What is added to one weight matrix; nothing at first."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.randn(RANK, columns) / columns**0.5)
        self.up = nn.Parameter(torch.zeros(rows, RANK))
        self.strength = 1.0

    def forward(self, weight: Tensor) -> Tensor:
        return weight + self.strength * (self.up @ self.down)


def adapt(encoder: nn.Module) -> dict[str, LowRank]:
    """Add changes to the linear layers below ``encoder.``, which alone learn then; return them by layer."""
    encoder.requires_grad_(False)
    added: dict[str, LowRank] = {}
    for name, module in list(encoder.named_modules()):
        if isinstance(module, nn.Linear) and name.startswith("encoder."):
            added[name] = LowRank(module.weight).to(module.weight.device)
            parametrize.register_parametrization(module, "weight", added[name])
    return added


def learnt(added: Mapping[str, LowRank]) -> dict[str, Tensor]:
    """Return the tensors of changes as they are kept: float16, ``<layer>.down`` and ``<layer>.up``."""
    return {
        f"{name}.{side}": getattr(low, side).detach().half().cpu().contiguous()
        for name, low in added.items()
        for side in ("down", "up")
    }
