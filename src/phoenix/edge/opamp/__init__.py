"""Wire OpAMP: sessions of agents, what they report, what they are offered."""
