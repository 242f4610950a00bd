"""Forecasts of waits, measured on simulated days whose true waits are known."""
