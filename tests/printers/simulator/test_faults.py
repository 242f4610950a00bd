"""Every fault of the simulated printer, as a host on its port meets it."""

import asyncio
from typing import get_args

import pytest
from support.host import CUT, FINE, PRINTER, SILENCE_S, Host, connected, texts

from printers.simulator.faults import Break
from printers.simulator.network import UNREAD_BYTES_MAX
from printers.simulator.printer import SimulatedPrinter

pytestmark = pytest.mark.timeout(30)

PAPER = b"\x10\x04\x04"
CUTS = b"\x1dg2\x002\x00"


async def test_a_black_hole_accepts_and_reads_nothing_until_it_is_over(printer: SimulatedPrinter) -> None:
    printer.black_hole(True)
    async with connected(printer) as host:
        host.say(PRINTER)
        assert await host.hears_nothing()
        assert printer.bytes_received == 0
        printer.black_hole(False)
        assert await host.hear() == FINE


async def test_what_is_said_into_a_black_hole_comes_late(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        printer.set(cover_open=True)
        await host.ask(b"slip\n" + CUT + b"\x1d(H\x06\x0000abcd" + PRINTER)
        printer.black_hole(True)
        printer.set(cover_open=False)
        await printer.until(lambda: texts(printer) == ["slip"])
        assert await host.hears_nothing()
        printer.black_hole(False)
        assert await host.hear(7) == b"\x37\x22abcd\x00"


async def test_bytes_that_meet_a_black_hole_halfway_wait_for_its_end(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        await host.ask(PRINTER)
        printer.black_hole(True)
        host.say(PRINTER)
        assert await host.hears_nothing()
        assert printer.bytes_received == len(PRINTER)
        printer.black_hole(False)
        assert await host.hear() == FINE


async def test_bytes_in_a_black_hole_are_lost_when_the_link_breaks_there(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        await host.ask(PRINTER)
        printer.black_hole(True)
        host.say(b"never\n")
        assert await host.hears_nothing()
        printer.hang_up()
        printer.black_hole(False)
    async with connected(printer) as host:
        host.say(CUT)
        await printer.until(lambda: texts(printer) == [""])


async def test_only_so_much_of_what_is_said_into_a_black_hole_is_kept(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        await host.ask(b"\x1da\xff", 4)
        printer.black_hole(True)
        for _ in range(UNREAD_BYTES_MAX):
            printer.set(cover_open=not printer.state.cover_open)
        printer.black_hole(False)
        printer.hang_up("fin")
        assert len(await host.reader.read()) == UNREAD_BYTES_MAX


async def test_a_closed_port_refuses_new_hosts_keeps_its_number_and_those_who_are_in(
    printer: SimulatedPrinter,
) -> None:
    async with connected(printer) as host:
        await host.ask(PRINTER)
        number = printer.port
        await printer.refuse(True)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", number)
        assert await host.ask(PRINTER) == FINE
    await printer.refuse(False)
    async with connected(printer) as host:
        assert printer.port == number
        assert await host.ask(PRINTER) == FINE


async def test_without_power_it_is_silent_and_afterwards_old_connections_break(
    printer: SimulatedPrinter,
) -> None:
    async with connected(printer) as host:
        printer.set(cover_open=True)
        await host.ask(b"lost\n" + CUT + PRINTER)
        await printer.power_off()
        printer.set(cover_open=False)
        received = printer.bytes_received
        host.say(PRINTER)
        assert await host.hears_nothing()
        assert printer.bytes_received == received
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", printer.port)
        await printer.power_on()
        with pytest.raises(ConnectionResetError):
            await host.hear()
    async with connected(printer) as host:
        host.say(b"next\n" + CUT)
        await printer.until(lambda: bool(printer.papers))
    assert texts(printer) == ["next"]


@pytest.mark.parametrize(("counter_lost", "cuts"), [(False, b"1"), (True, b"0")])
async def test_the_counter_of_cuts_survives_a_power_failure_unless_it_is_lost(
    counter_lost: bool, cuts: bytes, printer: SimulatedPrinter
) -> None:
    async with connected(printer) as host:
        assert await host.ask(b"slip\n" + CUT + CUTS, 3) == b"\x5f1\x00"
    await printer.power_cycle(counter_lost=counter_lost)
    async with connected(printer) as host:
        assert await host.ask(CUTS, 3) == b"\x5f" + cuts + b"\x00"


async def test_frozen_firmware_reads_prints_and_answers_nothing_until_a_power_cycle(
    printer: SimulatedPrinter,
) -> None:
    async with connected(printer) as host:
        printer.set(cover_open=True)
        await host.ask(b"slip\n" + CUT + PRINTER)
        printer.freeze(True)
        printer.set(cover_open=False)
        printer.chatter(0.001)
        host.say(PRINTER)
        assert await host.hears_nothing()
        assert printer.papers == []
        assert not host.reader.at_eof()
        printer.chatter(None)
    await printer.power_cycle()
    async with connected(printer) as host:
        assert await host.ask(PRINTER) == FINE


async def test_frozen_firmware_that_goes_on_has_lost_nothing(printer: SimulatedPrinter) -> None:
    printer.freeze(True)
    async with connected(printer) as host:
        host.say(b"slip\n" + CUT + PRINTER)
        assert await host.hears_nothing()
        printer.freeze(False)
        assert await host.hear() == FINE
        await printer.until(lambda: texts(printer) == ["slip"])


async def ends(host: Host, how: Break) -> bool:
    """The connection ended like this."""
    try:
        return (await host.reader.read(1), how) == (b"", "fin")
    except ConnectionResetError:
        return how == "rst"


@pytest.mark.parametrize("how", get_args(Break))
async def test_hanging_up_ends_every_connection_in_its_way(how: Break, printer: SimulatedPrinter) -> None:
    async with connected(printer) as first, connected(printer) as second:
        await first.ask(PRINTER)
        await printer.until(lambda: printer.hosts == 2)
        printer.hang_up(how)
        assert await ends(first, how)
        assert await ends(second, how)
        await printer.until(lambda: printer.hosts == 0)


@pytest.mark.parametrize("how", get_args(Break))
async def test_a_link_that_breaks_after_so_many_bytes_lets_no_more_through(
    how: Break, printer: SimulatedPrinter
) -> None:
    printer.break_after(10, how)
    async with connected(printer) as host:
        host.say(b"123456789\nnever")
        assert await ends(host, how)
    async with connected(printer) as host:
        host.say(CUT)
        await printer.until(lambda: bool(printer.papers))
    assert texts(printer) == ["123456789"]
    assert printer.bytes_received == 10 + len(CUT)


async def test_what_a_torn_connection_left_in_the_network_card_is_never_printed() -> None:
    async with SimulatedPrinter(buffer_bytes=8) as printer:
        printer.set(cover_open=True)
        async with connected(printer) as host:
            host.say(b"1234567\nnever\n")
            await printer.until(lambda: printer.bytes_waiting == 8)
            printer.hang_up("rst")
            await printer.until(lambda: printer.hosts == 0)
            printer.set(cover_open=False)
        async with connected(printer) as host:
            host.say(CUT)
            await printer.until(lambda: bool(printer.papers))
        assert texts(printer) == ["1234567"]


async def test_a_second_connection_can_be_refused_while_the_first_is_served(
    printer: SimulatedPrinter,
) -> None:
    printer.second_connection("refused")
    async with connected(printer) as first:
        await first.ask(PRINTER)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", printer.port)
        assert await first.ask(PRINTER) == FINE
    await printer.until(lambda: printer.hosts == 0)
    async with connected(printer) as second:
        assert await second.ask(PRINTER) == FINE


async def test_a_printer_busy_with_another_computer_accepts_and_answers_when_that_one_has_gone(
    printer: SimulatedPrinter,
) -> None:
    async with connected(printer) as first:
        await first.ask(PRINTER)
        printer.busy(True)
        assert await first.ask(PRINTER) == FINE, "it is served before the other computer"
    async with connected(printer) as second:
        second.say(PRINTER)
        assert await second.hears_nothing()
        printer.busy(False)
        assert await second.hear() == FINE


async def test_automatic_status_ends_with_the_host_that_asked_for_it(printer: SimulatedPrinter) -> None:
    async with connected(printer) as first:
        await first.ask(b"\x1da\xff", 4)
    async with connected(printer) as second:
        await second.ask(PRINTER)
        printer.set(cover_open=True)
        assert await second.ask(PRINTER) == b"\x1e"


async def test_automatic_status_outlives_a_host_that_leaves_the_line(printer: SimulatedPrinter) -> None:
    async with connected(printer) as first:
        await first.ask(b"\x1da\xff", 4)
        async with connected(printer) as second:
            await printer.until(lambda: printer.hosts == 2)
            second.writer.close()
        printer.set(cover_open=True)
        assert await first.hear(4) == b"\x3c\x00\x00\x0f"


async def test_chatter_comes_unasked_again_and_again_and_stops(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        await host.ask(PRINTER)
        printer.chatter(0.001)
        assert await host.hear(12) == b"\x14\x00\x00\x0f" * 3
        printer.chatter(None)
        said = await host.ask(b"\x1d(H\x06\x0000last", 7)
        while not said.endswith(b"\x37\x22last\x00"):
            said += await host.hear()
        assert await host.hears_nothing()


async def test_a_mute_printer_prints_and_does_not_even_chatter(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        printer.set(mute=True)
        printer.chatter(0.001)
        host.say(PRINTER + b"slip\n" + CUT + CUTS)
        await printer.until(lambda: texts(printer) == ["slip"])
        assert await host.hears_nothing()


@pytest.mark.parametrize("how", get_args(Break))
async def test_a_connection_without_a_byte_is_ended_by_the_network_card(
    how: Break, printer: SimulatedPrinter
) -> None:
    printer.idle_close(0.05, how)
    async with connected(printer) as host:
        assert await host.ask(PRINTER) == FINE
        assert await ends(host, how)


@pytest.mark.parametrize("later_s", [None, 60.0])
async def test_the_card_keeps_a_connection_as_long_as_it_was_told_last(
    later_s: float | None, printer: SimulatedPrinter
) -> None:
    async with connected(printer) as host:
        await host.ask(PRINTER)
        printer.idle_close(SILENCE_S / 5)
        printer.idle_close(later_s)
        assert await host.hears_nothing()
        assert await host.ask(PRINTER) == FINE


async def test_a_small_buffer_stops_the_sender_early_and_loses_nothing() -> None:
    async with SimulatedPrinter(buffer_bytes=64) as printer, connected(printer) as host:
        printer.set(cover_open=True)
        host.say(b"x" * 200 + b"\n" + CUT + PRINTER)
        assert await host.hears_nothing(), "real-time commands wait outside a full buffer on a network"
        assert printer.bytes_received == printer.bytes_waiting == 64
        printer.set(cover_open=False)
        assert await host.hear() == FINE
        await printer.until(lambda: bool(printer.papers))
        assert texts(printer)[0].replace("\n", "") == "x" * 200
        assert printer.bytes_lost == 0


async def test_a_slow_printer_answers_at_once_and_prints_later(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        printer.slow(1)
        assert await host.ask(b"slip\n" + CUT + PRINTER) == FINE
        assert await host.hears_nothing()
        assert printer.papers == []
        printer.slow(None)
        await printer.until(lambda: texts(printer) == ["slip"])


async def test_paper_that_ends_in_the_middle_holds_the_rest_until_there_is_more(
    printer: SimulatedPrinter,
) -> None:
    async with connected(printer) as host:
        printer.paper_out(31)
        host.say(b"one\ntwo\nthree\n" + CUT)
        await printer.until(lambda: printer.state.paper_out)
        assert await host.ask(PAPER) == b"\x7e"
        assert printer.bytes_waiting == len(b"three\n" + CUT + PAPER)
        printer.paper_back()
        await printer.until(lambda: texts(printer) == ["one\ntwo\nthree"])


async def test_lost_replies_are_those_in_order_of_the_commands(printer: SimulatedPrinter) -> None:
    async with connected(printer) as host:
        printer.lose_replies(2)
        assert await host.ask(CUTS + b"\x1dr\x01" + b"\x1d(H\x06\x0000kept", 7) == b"\x37\x22kept\x00"
        assert await host.ask(PRINTER) == FINE


@pytest.mark.parametrize("resume", [1, 2])
async def test_a_jammed_cutter_holds_the_slip_and_is_recovered_by_command(
    resume: int, printer: SimulatedPrinter
) -> None:
    async with connected(printer) as host:
        printer.set(cutter_jammed=True)
        assert await host.ask(b"slip\n" + CUT + b"\x10\x04\x02\x10\x04\x03", 2) == b"\x52\x1a"
        assert await host.ask(bytes([0x10, 5, resume]) + PRINTER) == FINE
        host.say(b"next\n" + CUT)
        await printer.until(lambda: bool(printer.papers) and printer.papers[-1].text == "next")
    assert texts(printer) == (["slip", "next"] if resume == 1 else ["next"])
