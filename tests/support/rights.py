"""Who may ask what, as the documents say it: an example of every command, and the roles that may."""

from protocol import commands as c
from protocol.ids import Role
from protocol.orders import AnyOrder, ClosePairing, OpenPairing, Order, PairDevice

EXAMPLES: tuple[c.AnyCommand, ...] = (
    c.IssueTicket(field="training", languages=("fr",), screen_language="fr"),
    c.ReserveNumbers("training"),
    c.RedeemTicket(
        ticket="T900",
        day="2026-09-15",
        field="training",
        languages=("fr",),
        screen_language="fr",
        waited_s=60,
    ),
    c.CallNext(),
    c.CallTicket("T001"),
    c.Recall("T001"),
    c.StartServing("T001"),
    c.Finish("T001"),
    c.MarkNoShow("T001"),
    c.Reinstate("T001"),
    c.Transfer(ticket="T001"),
    c.Park("T001"),
    c.Unpark("T001"),
    c.Cancel("T001"),
    c.Undo(),
    c.OpenDesk("staff-ar"),
    c.CloseDesk(),
    c.Pause(c.PauseReason.LUNCH),
    c.Resume(),
    c.OpenDay(),
    c.CloseDay(),
    c.EndDay(),
    c.OpenField("work"),
    c.CloseField("work"),
    c.SetPriority("T001", True),
    c.PostMessage({"fr": "Bonjour"}),
    c.Reprint("T001"),
)

ORDERS: tuple[AnyOrder, ...] = (
    OpenPairing(),
    PairDevice(code="BCDF-GHJK", device="board-9", role=Role.BOARD),
    ClosePairing(),
)

#                     kiosk counsellor reception; a board asks nothing
ALLOWED: dict[type[c.Command] | type[Order], str] = {
    c.IssueTicket: "k r",
    c.ReserveNumbers: "k",
    c.RedeemTicket: "k",
    c.CallNext: "c",
    c.CallTicket: "c",
    c.Recall: "c r",
    c.StartServing: "c",
    c.Finish: "c",
    c.MarkNoShow: "c r",
    c.Reinstate: "c r",
    c.Transfer: "c r",
    c.Park: "c",
    c.Unpark: "c",
    c.Cancel: "r",
    c.Undo: "c",
    c.OpenDesk: "c",
    c.CloseDesk: "c",
    c.Pause: "c",
    c.Resume: "c",
    c.OpenDay: "r",
    c.CloseDay: "r",
    c.EndDay: "r",
    c.OpenField: "r",
    c.CloseField: "r",
    c.SetPriority: "r",
    c.PostMessage: "r",
    c.Reprint: "r",
    OpenPairing: "r",
    ClosePairing: "r",
    PairDevice: "r",
}
