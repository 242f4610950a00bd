"""Logs: one JSON object a line, without tokens, names or addresses of people."""

import logging
import sys
from typing import TextIO

import structlog


def configure_logs(to: TextIO = sys.stderr) -> None:
    """Set up structlog: on standard error for a program without a screen, else into this file."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(to),
        cache_logger_on_first_use=True,
    )
