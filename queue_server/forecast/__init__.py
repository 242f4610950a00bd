"""When a visitor will be called: the real rule played many times over the real state. Pure and seeded."""
