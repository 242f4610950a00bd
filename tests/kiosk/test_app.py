from typing import Any

from config.model import Centre
from config.phrases import Phrases
from kiosk.app import KioskApp


async def test_no_key_leads_out_of_the_kiosk(line: Any, centre: Centre, phrases: Phrases) -> None:
    app = KioskApp(line, centre, phrases)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q", "ctrl+c", "ctrl+p", "ctrl+z", "escape", "f1", "ctrl+d")
        await pilot.pause()
        assert app.is_running
        assert app.screen is app.screen_stack[0]
        assert len(app.screen_stack) == 1
        assert not app._notifications
