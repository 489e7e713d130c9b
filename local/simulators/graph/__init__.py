"""A Meta that fits on a laptop: the Graph API of WhatsApp, Messenger and Instagram on one side, phones on the other."""

from local.simulators.graph.server import Graph

__all__ = ["Graph"]
