"""The server beside its limits on this machine, measured in one run: ratios, not promises."""
