"""A whole centre in one terminal: `walkin demo`."""
