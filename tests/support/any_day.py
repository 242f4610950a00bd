"""Any day at all: everybody asks anything at any time, and the rules hold after every step."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER
from support.queue import BOARD, KIOSK, RECEPTION, at_desk, snapshot
from support.shown import assert_can_be_shown
from support.watched import WatchedHall

from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import DeskState, PrintState, Stage
from queue_server.core.housekeeping import EndDay, ReportPrint
from queue_server.core.policy import PASSED_OVER, PROVISIONAL, Actor, Refusal
from queue_server.core.state import CALLS_KEPT

DESKS = ("1", "2", "3", "4")
FIELDS = ("training", "work", "abroad")
LANGUAGES = ("fr", "nl", "en")

desks = st.sampled_from(DESKS)
fields = st.sampled_from(FIELDS)
talks = st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3).map(tuple)
pick = st.integers(0, 200)
AT_THE_DESK = (c.Recall, c.StartServing, c.Finish, c.MarkNoShow, c.Park)
ON_ANY_TICKET = (
    *AT_THE_DESK,
    c.CallTicket,
    c.Reinstate,
    c.Transfer,
    c.Unpark,
    c.Cancel,
    c.Reprint,
)
RESTORES_MAX = 2
"""More in one day leave no provisional numbers."""
PLAIN = (c.CallNext, c.Undo, c.CloseDesk, c.Resume, c.OpenDay, c.CloseDay, c.EndDay)
actors = st.sampled_from([RECEPTION, KIOSK, BOARD, *map(at_desk, DESKS)])


class AnyDay(RuleBasedStateMachine):
    """Reception, kiosks, a board and four desks."""

    hall: WatchedHall

    @initialize(
        numbering=st.sampled_from(["per-field", "shared"]),
        staff=st.permutations([ALL_ROUND, TRAINER, WORKER, DUTCH]),
        visitors=st.lists(st.tuples(fields, talks), max_size=6),
    )
    def doors_open(
        self, numbering: str, staff: list[str], visitors: list[tuple[str, tuple[str, ...]]]
    ) -> None:
        self.hall = WatchedHall(numbering)
        for desk, counsellor in zip(DESKS, staff, strict=True):
            self.hall.sit(desk, counsellor)
        for field, languages in visitors:
            self.hall.issue(field, *languages)
        self.last = snapshot(self.hall.queue)

    def ask(self, command: c.AnyCommand, actor: Actor) -> None:
        answer = self.hall.attempt(command, actor)
        if isinstance(answer, Refusal):
            assert snapshot(self.hall.queue) == self.last, f"{command} was refused and changed something"
            if answer.code is RefusalCode.TOO_MANY_TICKETS:
                assert isinstance(command, c.IssueTicket)
                assert self.hall.lately.full(actor.device, command.field, self.hall.now)

    def ticket(self, number: int) -> str:
        codes = list(self.hall.queue.tickets)
        return codes[number % len(codes)] if codes else "T001"

    @rule(minutes=st.sampled_from([0.0, 0.01, 1.0, 7.0, 20.0]))
    def time_passes(self, minutes: float) -> None:
        self.hall.wait(minutes)
        self.hall.tick()

    @rule(
        actor=st.sampled_from([KIOSK, Actor(Role.KIOSK, "kiosk-2"), RECEPTION]),
        field=fields,
        languages=talks,
        priority=st.booleans(),
    )
    def a_visitor_takes_a_ticket(
        self, actor: Actor, field: str, languages: tuple[str, ...], priority: bool
    ) -> None:
        urgent = priority and actor is RECEPTION
        wish = c.IssueTicket(
            field=field, languages=languages, screen_language="nl", priority=urgent, people=1 + urgent
        )
        self.ask(wish, actor)

    @rule(actor=st.sampled_from([KIOSK, Actor(Role.KIOSK, "kiosk-2")]), field=fields, count=st.integers(1, 5))
    def a_kiosk_sets_numbers_aside(self, actor: Actor, field: str, count: int) -> None:
        self.ask(c.ReserveNumbers(field, count), actor)

    @precondition(lambda self: self.hall.queue.reserved)
    @rule(
        number=pick,
        waited_s=st.sampled_from([0.0, 30.5, 700.0]),
        first=st.none() | pick,
        printed=st.booleans(),
    )
    def a_kiosk_redeems_a_number(
        self, number: int, waited_s: float, first: int | None, printed: bool
    ) -> None:
        codes = list(self.hall.queue.reserved)
        code = codes[number % len(codes)]
        held = self.hall.queue.reserved[code]
        command = c.RedeemTicket(
            ticket=code,
            day=self.hall.queue.day,
            field=held.field,
            languages=("fr", "nl"),
            screen_language="nl",
            waited_s=waited_s,
            printed=printed,
            instead_of=None if first is None else self.ticket(first),
        )
        self.ask(command, Actor(Role.KIOSK, held.kiosk))

    @precondition(lambda self: self.hall.series.restores < RESTORES_MAX and not self.hall.queue.ended)
    @rule()
    def a_backup_of_the_day_is_restored(self) -> None:
        self.hall.let_happen(PASSED_OVER)

    @rule(number=st.sampled_from(PROVISIONAL), kiosk=st.sampled_from(["kiosk-1", "kiosk-2"]), field=fields)
    def a_kiosk_redeems_any_number(self, number: int, kiosk: str, field: str) -> None:
        command = c.RedeemTicket(
            ticket=f"{self.hall.centre.field(field).letter}{number}",
            day=self.hall.queue.day,
            field=field,
            languages=("fr",),
            screen_language="fr",
            waited_s=60.0,
        )
        self.ask(command, Actor(Role.KIOSK, kiosk))

    @rule(desk=desks, counsellor=st.sampled_from([ALL_ROUND, TRAINER, WORKER, DUTCH]), ready=st.booleans())
    def a_counsellor_sits_down(self, desk: str, counsellor: str, ready: bool) -> None:
        self.ask(c.OpenDesk(counsellor), at_desk(desk))
        if ready:
            self.last = snapshot(self.hall.queue)
            self.ask(c.CallNext(), at_desk(desk))

    @rule(desk=desks, to=st.just(()) | st.lists(fields, max_size=2).map(tuple), languages=st.just(()) | talks)
    def a_counsellor_serves_other_fields_from_now_on(
        self, desk: str, to: tuple[str, ...], languages: tuple[str, ...]
    ) -> None:
        self.ask(c.NarrowDesk(to, languages), at_desk(desk))

    @rule(desk=desks, then=st.sampled_from([None, c.StartServing, c.MarkNoShow, c.Park, c.Finish]))
    def a_desk_calls_the_next(
        self, desk: str, then: type[c.StartServing | c.MarkNoShow | c.Park | c.Finish] | None
    ) -> None:
        self.ask(c.CallNext(), at_desk(desk))
        if then is not None:
            self.last = snapshot(self.hall.queue)
            self.ask(then(self.hall.ticket_at(desk) or "T001"), at_desk(desk))

    @rule(desk=desks)
    def a_desk_works_until_nobody_waits_for_it(self, desk: str) -> None:
        for _ in self.hall.waiting():
            self.ask(c.CallNext(), at_desk(desk))
            self.last = snapshot(self.hall.queue)
            self.ask(c.Finish(self.hall.ticket_at(desk) or "T001"), at_desk(desk))
            self.last = snapshot(self.hall.queue)
        self.ask(c.CallNext(), at_desk(desk))

    @rule(desk=desks)
    def a_desk_takes_back_what_it_did(self, desk: str) -> None:
        self.ask(c.Undo(), at_desk(desk))

    @rule(desk=desks, back=st.booleans())
    def a_desk_takes_a_break_or_comes_back(self, desk: str, back: bool) -> None:
        self.ask(c.Resume() if back else c.Pause(c.PauseReason.LUNCH), at_desk(desk))

    @rule(desk=desks, first=st.none() | st.sampled_from([c.Finish, c.Park]))
    def a_counsellor_leaves(self, desk: str, first: type[c.Finish | c.Park] | None) -> None:
        if first is not None:
            self.ask(first(self.hall.ticket_at(desk) or "T001"), at_desk(desk))
            self.last = snapshot(self.hall.queue)
        self.ask(c.CloseDesk(), at_desk(desk))

    @precondition(lambda self: self.hall.queue.at_desks)
    @rule(number=pick, command=st.sampled_from(AT_THE_DESK), by_reception=st.booleans())
    def a_visitor_at_a_desk_goes_on(
        self,
        number: int,
        command: type[c.Recall | c.StartServing | c.Finish | c.MarkNoShow | c.Park],
        by_reception: bool,
    ) -> None:
        code, desk = self.at_some_desk(number)
        self.ask(command(code), RECEPTION if by_reception else at_desk(desk))

    @precondition(lambda self: self.hall.queue.at_desks)
    @rule(number=pick, field=st.none() | fields, languages=st.just(()) | talks, to=st.none() | desks)
    def a_visitor_at_a_desk_is_sent_on(
        self, number: int, field: str | None, languages: tuple[str, ...], to: str | None
    ) -> None:
        code, desk = self.at_some_desk(number)
        self.ask(c.Transfer(ticket=code, field=field, languages=languages, desk=to), at_desk(desk))

    def at_some_desk(self, number: int) -> tuple[str, str]:
        codes = list(self.hall.queue.at_desks)
        code = codes[number % len(codes)]
        return code, self.hall.queue.tickets[code].placement.desk or ""

    @precondition(lambda self: self.hall.queue.aside)
    @rule(number=pick, command=st.sampled_from([c.Unpark, c.Reinstate, c.Cancel]))
    def a_visitor_put_aside_comes_back_or_gives_up(
        self, number: int, command: type[c.Unpark | c.Reinstate | c.Cancel]
    ) -> None:
        codes = list(self.hall.queue.aside)
        code = codes[number % len(codes)]
        desk = self.hall.queue.tickets[code].placement.desk or ""
        self.ask(command(code), RECEPTION if command is c.Cancel else at_desk(desk))

    @rule(
        actor=actors,
        number=pick,
        command=st.sampled_from(ON_ANY_TICKET),
        to=st.none() | desks,
        field=st.none() | fields,
    )
    def anybody_asks_anything_of_any_ticket(
        self,
        actor: Actor,
        number: int,
        command: type[c.Command],
        to: str | None,
        field: str | None,
    ) -> None:
        code = self.ticket(number)
        if command is c.Transfer:
            self.ask(c.Transfer(ticket=code, field=field, desk=to), actor)
        else:
            self.ask(command(code), actor)  # type: ignore[arg-type]

    @rule(actor=st.sampled_from([KIOSK, Actor(Role.KIOSK, "kiosk-2")]), field=fields, taps=st.integers(2, 7))
    def somebody_taps_and_taps(self, actor: Actor, field: str, taps: int) -> None:
        for _ in range(taps):
            self.ask(c.IssueTicket(field=field, languages=("fr",), screen_language="fr"), actor)
            self.last = snapshot(self.hall.queue)

    @precondition(lambda self: self.hall.queue.bursts.noticed)
    @rule(
        kiosk=st.sampled_from(["kiosk-1", "kiosk-2"]),
        numbers=st.lists(pick, min_size=1, max_size=4),
        command=st.sampled_from([c.CancelBurst, c.DismissBurst]),
    )
    def reception_decides_about_a_burst(
        self, kiosk: str, numbers: list[int], command: type[c.CancelBurst | c.DismissBurst]
    ) -> None:
        burst = list(self.hall.queue.bursts.noticed.get(kiosk, {})) or [self.ticket(0)]
        self.ask(command(kiosk, (*burst[:2], *map(self.ticket, numbers))), RECEPTION)

    @rule(kiosk=st.sampled_from([KIOSK, Actor(Role.KIOSK, "kiosk-2")]), topic=st.sampled_from(c.HelpTopic))
    def a_visitor_calls_for_help(self, kiosk: Actor, topic: c.HelpTopic) -> None:
        self.ask(c.CallForHelp(topic, "nl"), kiosk)

    @precondition(lambda self: self.hall.queue.help.open)
    @rule(answered=st.booleans())
    def help_is_answered_or_withdrawn(self, answered: bool) -> None:
        kiosk = next(iter(self.hall.queue.help.open))
        if answered:
            self.ask(c.AnswerHelp(kiosk), RECEPTION)
        else:
            self.ask(c.WithdrawHelp(), Actor(Role.KIOSK, kiosk))

    @rule(number=pick, priority=st.booleans())
    def reception_sets_priority(self, number: int, priority: bool) -> None:
        self.ask(c.SetPriority(self.ticket(number), priority), RECEPTION)

    @rule(actor=actors, command=st.sampled_from(PLAIN))
    def anybody_asks_something_plain(self, actor: Actor, command: type[c.Command]) -> None:
        self.ask(command(), actor)  # type: ignore[arg-type]

    @rule(field=fields | st.just("cookery"), text=st.text(max_size=c.MESSAGE_CHARS_MAX), post=st.booleans())
    def reception_closes_a_field_or_posts_a_message(self, field: str, text: str, post: bool) -> None:
        if post:
            self.ask(c.PostMessage({"fr": text, "nl": text}), RECEPTION)
        else:
            self.ask(c.CloseField(field), RECEPTION)

    @rule(field=fields, language=st.sampled_from(LANGUAGES), hold=st.sampled_from(c.IntakeHold))
    def reception_holds_an_intake(self, field: str, language: str, hold: c.IntakeHold) -> None:
        self.ask(c.HoldIntake(field, language, hold), RECEPTION)

    @precondition(lambda self: self.hall.queue.closed_fields)
    @rule()
    def reception_opens_a_field_again(self) -> None:
        self.ask(c.OpenField(next(iter(self.hall.queue.closed_fields))), RECEPTION)

    @precondition(lambda self: not self.hall.queue.open)
    @rule()
    def reception_opens_the_day(self) -> None:
        self.ask(c.OpenDay(), RECEPTION)

    @rule(
        number=pick,
        copy_number=st.integers(1, 3),
        outcome=st.sampled_from(PrintState),
        printer=st.sampled_from(["printer-1", "printer-2"]),
    )
    def a_printer_reports(self, number: int, copy_number: int, outcome: PrintState, printer: str) -> None:
        ticket = self.ticket(number)
        self.hall.keep_house(
            ReportPrint(
                day=self.hall.queue.day,
                ticket=ticket,
                copy_number=copy_number,
                outcome=outcome,
                printer=printer,
            )
        )

    @invariant()
    def a_replay_of_the_days_events_gives_the_same_queue(self) -> None:
        self.last = snapshot(self.hall.queue)
        assert self.hall.queue.version == len(self.hall.history)
        if self.now_and_then():
            assert snapshot(self.hall.replayed()) == self.last

    def now_and_then(self) -> bool:
        """What takes long is looked at after every sixth event, and at the end of the day."""
        return self.hall.queue.version % 6 == 0

    @invariant()
    def a_burst_is_what_nobody_has_settled(self) -> None:
        assert self.hall.lately.alarmed()
        assert self.hall.lately.noticed == {
            (kiosk, code) for kiosk, codes in self.hall.queue.bursts.noticed.items() for code in codes
        }

    @invariant()
    def no_desk_is_ready_while_somebody_waits_for_it(self) -> None:
        queue = self.hall.queue
        for desk in queue.desks.values():
            assert (desk.state is DeskState.READY) == (desk.id in queue.ready)
            if desk.state is DeskState.READY:
                assert not [ticket.code for ticket in self.hall.waiting() if self.hall.can_take(desk, ticket)]

    @invariant()
    def a_desk_has_one_visitor_and_a_visitor_one_desk(self) -> None:
        queue = self.hall.queue
        held = {desk.id: desk.ticket for desk in queue.desks.values() if desk.ticket is not None}
        seated = {
            ticket.placement.desk: ticket.code
            for ticket in queue.tickets.values()
            if ticket.placement.stage in {Stage.CALLED, Stage.SERVING}
        }
        assert held == seated
        assert sorted(queue.at_desks) == sorted(held.values())
        for desk in queue.desks.values():
            staffed = desk.counsellor is not None
            assert staffed == (desk.state is not DeskState.CLOSED)
            assert not staffed or queue.counsellors[desk.counsellor or ""] == desk.id

    @invariant()
    def nobody_is_lost(self) -> None:
        queue = self.hall.queue
        assert sum(queue.stages.values()) == len(queue.tickets)
        for stage in Stage:
            found = sum(ticket.placement.stage is stage for ticket in queue.tickets.values())
            assert queue.stages[stage] == found
        waiting = sorted(self.hall.waiting(), key=self.hall.rank)
        assert self.hall.order() == [ticket.code for ticket in waiting]

    @invariant()
    def nobody_belongs_to_a_desk_without_counsellor(self) -> None:
        queue = self.hall.queue
        for ticket in queue.tickets.values():
            if ticket.placement.stage in {Stage.WAITING, Stage.PARKED} and ticket.placement.desk is not None:
                assert queue.desks[ticket.placement.desk].counsellor is not None

    @invariant()
    def a_board_can_reach_back_to_the_last_calls(self) -> None:
        calls = [call.call for call in self.hall.queue.calls]
        assert calls == self.hall.series.rung[-CALLS_KEPT:]

    @invariant()
    def every_terminal_can_be_shown_the_queue(self) -> None:
        if self.now_and_then():
            assert_can_be_shown(self.hall, DESKS)

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        hall = self.hall
        hall.keep_house(EndDay())
        ended = {Stage.FINISHED, Stage.CANCELLED, Stage.NO_SHOW}
        assert {ticket.placement.stage for ticket in hall.queue.tickets.values()} <= ended
        assert all(desk.state is DeskState.CLOSED for desk in hall.queue.desks.values())
        assert hall.refusal(c.OpenDay(), RECEPTION) is RefusalCode.DAY_OVER
        assert snapshot(hall.replayed()) == snapshot(hall.queue)
        assert_can_be_shown(hall, DESKS)
