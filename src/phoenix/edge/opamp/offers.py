"""What may be offered: never a config that would stop the collector."""

import asyncio
from collections import OrderedDict
from typing import Final

import yaml

from phoenix.edge.opamp.agents import Offer
from phoenix.edge.opamp.errors import OfferEmptyError

# Reading a longer text would hold up the event loop for milliseconds.
_LONG: Final = 16_384
_REMEMBERED: Final = 1024


class OfferCheck:
    """Checks each text once: a rollout offers the same one to a hundred hosts."""

    def __init__(self) -> None:
        self._passed: OrderedDict[str, None] = OrderedDict()

    async def pass_(self, offer: Offer) -> None:
        """Let an offer pass.

        An empty map of files stops the collector and is reported as applied and healthy, and so does a file without a
        pipeline; a text that is no YAML keeps the stock supervisor from ever starting again.

        Raises:
            OfferEmptyError: it is none of that can be offered.
        """
        if offer.digest in self._passed:
            return
        holds = await asyncio.to_thread(holds_pipelines, offer.text) if len(offer.text) > _LONG else None
        if not (holds_pipelines(offer.text) if holds is None else holds):
            raise OfferEmptyError(f"config {offer.digest[:12]} is no YAML or holds no pipeline")
        self._passed[offer.digest] = None
        while len(self._passed) > _REMEMBERED:
            self._passed.popitem(last=False)


def holds_pipelines(text: str) -> bool:
    """Return whether a text is a config with at least one pipeline."""
    try:
        config = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    service = config.get("service") if isinstance(config, dict) else None
    pipelines = service.get("pipelines") if isinstance(service, dict) else None
    return isinstance(pipelines, dict) and any(isinstance(pipeline, dict) for pipeline in pipelines.values())
